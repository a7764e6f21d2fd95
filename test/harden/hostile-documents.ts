import type { SeededRandom } from '../../demo/seeded-random.js';

/** A request that means no good: the document and what comes with it. */
export interface HostileRequest {
  /** The kind of attack, for the list of what took longest. */
  kind: string;
  query: string;
  variables?: unknown;
  operationName?: unknown;
}

type Make = (random: SeededRandom) => Omit<HostileRequest, 'kind'>;

/** A whole number between two, of which the small ones come as often as the large ones. */
export function upTo(random: SeededRandom, low: number, high: number): number {
  return Math.round(Math.exp(random.between(Math.log(low), Math.log(high))));
}

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

const SEARCH = 'similarToProduct(id: "1") { nodes { id } }';
const STATUS = 'embeddingStatus { sequence }';
const WORDS = 'query ($text: String!) { searchProducts(input: { text: $text }) { nodes { id } } }';
const PRODUCT = 'query ($id: ID!) { product(id: $id) { id } }';
const FILTER =
  'query ($filter: ProductFilter) { similarToProduct(id: "1", filter: $filter) { nodes { id title price } status } }';

const STRANGE = [
  '\u0000',
  '\u0007\u001b[31m',
  '\ufeff',
  '\u202e',
  '\ud800',
  '\udfff\ud800',
  '\u2028',
  'e\u0301'.repeat(50),
  '👩‍👩‍👧‍👧',
  "'; drop table products; --",
  '${jndi:ldap://127.0.0.1/a}',
  '../../../../etc/passwd',
  '%00%ff',
];

const anyText = (random: SeededRandom): string => random.pick(STRANGE).repeat(upTo(random, 1, 500));

const DOCUMENTS: Record<string, Make> = {
  'fields in fields': (random) => {
    const depth = upTo(random, 2, 3000);
    const inner = 'similarProducts { nodes { '.repeat(depth);
    return { query: `{ product(id: "1") { ${inner} id ${'} } '.repeat(depth)} } }` };
  },
  'braces without an end': (random) => ({ query: '{ a '.repeat(upTo(random, 10, 20_000)) }),
  'lists in lists': (random) => {
    const depth = upTo(random, 10, 20_000);
    return { query: `{ product(id: ${'['.repeat(depth)}1${']'.repeat(depth)}) { id } }` };
  },
  'objects in objects': (random) => {
    const depth = upTo(random, 10, 12_000);
    return { query: `{ searchProducts(input: ${'{ a: '.repeat(depth)}1${' }'.repeat(depth)}) { status } }` };
  },
  'types in types': (random) => {
    const depth = upTo(random, 10, 20_000);
    return { query: `query ($a: ${'['.repeat(depth)}ID${']'.repeat(depth)}) { __typename }` };
  },
  'aliases of searches': (random) => ({ query: `{ ${many(upTo(random, 10, 1500), (i) => `a${i}: ${SEARCH}`)} }` }),
  'aliases of one name': (random) => ({ query: `{ ${many(upTo(random, 10, 5000), (i) => `a${i}: __typename`)} }` }),
  'one field again and again': (random) => ({ query: `{ ${many(upTo(random, 10, 3000), () => STATUS)} }` }),
  'fields that overlap': (random) => {
    const count = upTo(random, 5, 400);
    return { query: `{ ${many(count, (i) => `a: product(id: "${i}") { b: id c: title a: id }`)} }` };
  },
  'fragments that overlap': (random) => {
    const count = upTo(random, 5, 150);
    const fields = many(count, (i) => `... on Product { x: id ...F${i % 7} }`);
    const fragments = many(
      7,
      (i) => `fragment F${i} on Product { y: ${i % 2 === 0 ? 'id' : 'title'} ...F${(i + 1) % 7} }`,
    );
    return { query: `{ product(id: "1") { ${fields} } } ${fragments}` };
  },
  'fragments in a circle': (random) => {
    const count = upTo(random, 1, 150);
    const fragments = many(count, (i) => `fragment F${i} on Product { id ...F${(i + 1) % count} }`);
    return { query: `{ product(id: "1") { ...F0 } } ${fragments}` };
  },
  'fragments that double': (random) => {
    const count = upTo(random, 5, 60);
    const fragments = many(count, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
    return { query: `{ ...F0 } ${fragments} fragment F${count} on Query { ${SEARCH} }` };
  },
  'fragments that nobody uses': (random) => ({
    query: `{ __typename } ${many(upTo(random, 10, 300), (i) => `fragment F${i} on Product { id }`)}`,
  }),
  'fragments in fragments': (random) => {
    const depth = upTo(random, 5, 3000);
    return { query: `{ ${'... on Query { '.repeat(depth)}__typename${' }'.repeat(depth)} }` };
  },
  'directives that there are': (random) => ({
    query: `{ __typename ${many(upTo(random, 5, 3000), () => '@include(if: true)')} }`,
  }),
  'directives that there are not': (random) => ({
    query: `{ __typename ${many(upTo(random, 5, 3000), (i) => `@d${i}(a: ${i})`)} }`,
  }),
  'a very long text': (random) => ({ query: `{ product(id: "${'x'.repeat(upTo(random, 100, 100_000))}") { id } }` }),
  'a very long number': (random) => ({ query: `{ product(id: ${'9'.repeat(upTo(random, 10, 60_000))}) { id } }` }),
  'numbers past all bounds': (random) => {
    const limit = random.pick([
      '1e400',
      '-1e400',
      '2147483648',
      '-2147483649',
      '1e-400',
      '00',
      '0x10',
      '.5',
      '1.',
      'NaN',
    ]);
    return { query: `{ similarToProduct(id: "1", limit: ${limit}) { status } }` };
  },
  'a long list': (random) => {
    const ids = many(upTo(random, 10, 900), (i) => `"${i}"`);
    return { query: `{ similarToProduct(id: "1", filter: { excludeIds: [${ids}] }) { status } }` };
  },
  'a block text': (random) => {
    const lines = Array.from({ length: upTo(random, 10, 20_000) }, () => ' '.repeat(upTo(random, 1, 20))).join('\n');
    return { query: `{ product(id: """${lines}x""") { id } }` };
  },
  'escapes in a text': (random) => {
    const escape = random.pick(['\\u0000', '\\u{1F600}', '\\uD800', '\\u{110000}', '\\x', '\\', '\\"', '\\n']);
    return { query: `{ product(id: "${escape.repeat(upTo(random, 1, 5000))}") { id } }` };
  },
  'strange characters': (random) => ({ query: `{ product(id: "${anyText(random)}") { id ${anyText(random)} } }` }),
  comments: (random) => ({ query: `${'# nothing\n'.repeat(upTo(random, 10, 6000))}{ __typename }` }),
  commas: (random) => ({ query: `{ ${','.repeat(upTo(random, 10, 60_000))} __typename }` }),
  'a very long name': (random) => ({ query: `{ ${'a'.repeat(upTo(random, 100, 60_000))} }` }),
  'many operations': (random) => ({
    query: many(upTo(random, 2, 600), (i) => `query Q${i} { __typename }`),
    operationName: random.pick<unknown>([null, 'Q1', '__proto__', 'constructor', 7, ['Q1']]),
  }),
  'many variables': (random) => {
    const count = upTo(random, 10, 400);
    return { query: `query (${many(count, (i) => `$v${i}: ID = "${i}"`)}) { __typename }` };
  },
  'variables in circles': () => ({ query: 'query ($a: ID = $b, $b: ID = $a) { product(id: $a) { id } }' }),
  'introspection in circles': (random) => {
    const depth = upTo(random, 2, 300);
    return { query: `{ __schema { types ${'{ fields { type '.repeat(depth)}{ name }${' } }'.repeat(depth)} } }` };
  },
  'a document that is not executable': (random) => ({
    query: random.pick([
      'type Query { a: Int }',
      'extend schema @a',
      'scalar Upload',
      'fragment F on Query { a }',
      '',
      ' ',
    ]),
  }),
  'types that are wrong': (random) => ({
    query: `{ similarToProduct(id: ${random.pick(['{}', '[]', 'null', 'true', 'A', '1.5', '$x'])}) { status } }`,
  }),
  'a document that was damaged': (random) => {
    const characters = Array.from(FILTER + WORDS);
    for (let times = upTo(random, 1, 30); times > 0; times -= 1) {
      characters[Math.floor(random.between(0, characters.length))] = random.pick([
        '{',
        '}',
        '(',
        '"',
        '$',
        ':',
        '@',
        '…',
        '0',
      ]);
    }
    return { query: characters.join('') };
  },
  'a variable that is very long': (random) => ({
    query: WORDS,
    variables: { text: 'word '.repeat(upTo(random, 10, 200_000)) },
  }),
  'a variable of strange characters': (random) => ({ query: WORDS, variables: { text: anyText(random) } }),
  'an id of strange characters': (random) => ({ query: PRODUCT, variables: { id: anyText(random) } }),
  'a variable of another type': (random) => ({
    query: PRODUCT,
    variables: { id: random.pick<unknown>([{}, [], [['1']], true, 1.5, 1e308, null, { toString: 1 }]) },
  }),
  'a variable in which much lies': (random) => ({
    query: FILTER,
    variables: { filter: { excludeIds: Array.from({ length: upTo(random, 10, 40_000) }, (_, i) => `${i}`) } },
  }),
  'variables by the names of prototypes': (random) => ({
    query: FILTER,
    variables: JSON.parse(
      `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"filter":{"${random.pick(['__proto__', 'constructor', 'hasOwnProperty'])}":{"polluted":1}}}`,
    ) as unknown,
  }),
  'very many variables': (random) => ({
    query: PRODUCT,
    variables: Object.fromEntries(Array.from({ length: upTo(random, 10, 30_000) }, (_, i) => [`v${i}`, i])),
  }),
  'variables that are none': (random) => ({
    query: PRODUCT,
    variables: random.pick<unknown>([[], 'x', 1, true, [{ id: '1' }]]),
  }),
};

const KINDS = Object.entries(DOCUMENTS);

/** One of each kind in turn. */
export function hostileDocument(index: number, random: SeededRandom): HostileRequest {
  const [kind, make] = KINDS[index % KINDS.length] ?? random.pick(KINDS);
  return { kind, ...make(random) };
}
