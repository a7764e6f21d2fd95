import type { SeededRandom } from '../../demo/seeded-random.js';
import { upTo } from './hostile-documents.js';

/** The body of a request over HTTP that is hostile as JSON, whatever its document. */
export interface HostileBody {
  kind: string;
  body: Buffer;
}

const QUERY = '"query":"{ __typename }"';

const BODIES: Record<string, (random: SeededRandom) => string | Buffer> = {
  'JSON of lists without an end': (random) => '['.repeat(upTo(random, 10, 1_000_000)),
  'JSON of lists in lists': (random) => {
    const depth = upTo(random, 10, 40_000);
    return `{${QUERY},"variables":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
  },
  'JSON of objects in objects': (random) => {
    const depth = upTo(random, 10, 40_000);
    return `{${QUERY},"extensions":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
  },
  'JSON of many keys': (random) => {
    const keys = Array.from({ length: upTo(random, 10, 100_000) }, (_, index) => `"k${index}":0`);
    return `{${QUERY},${keys.join(',')}}`;
  },
  'JSON of one key many times': (random) => `{${`${QUERY},`.repeat(upTo(random, 2, 20_000))}"variables":{}}`,
  'JSON with the names of prototypes': () =>
    `{"__proto__":{"query":"{ __typename }","polluted":1},"constructor":{"prototype":{"polluted":1}},${QUERY}}`,
  'a batch': (random) => `[${Array.from({ length: upTo(random, 1, 5000) }, () => `{${QUERY}}`).join(',')}]`,
  'JSON that is no object': (random) => random.pick(['null', '1', '"{ __typename }"', 'true', '[]', '{}', '']),
  'a document that is no text': (random) =>
    `{"query":${random.pick(['null', '1', '{}', '[]', 'true', '{"__proto__":1}'])}}`,
  'an extension of no kind': (random) =>
    `{${QUERY},"extensions":${random.pick(['1', '[]', '"x"', '{"persistedQuery":1}', '{"persistedQuery":{"version":1,"sha256Hash":"x"}}', '{"persistedQuery":{"version":{},"sha256Hash":[]}}'])}}`,
  'JSON that is cut short': (random) => {
    const whole = `{${QUERY},"variables":{"text":"some words"}}`;
    return whole.slice(0, Math.floor(random.between(1, whole.length)));
  },
  'bytes that are no UTF-8': (random) => {
    const body = Buffer.from(`{"query":"{ product(id: \\"${'x'.repeat(50)}\\") { id } }"}`);
    for (let times = 0; times < 20; times += 1) {
      body[Math.floor(random.between(25, 70))] = Math.floor(random.between(0x80, 0x100));
    }
    return body;
  },
  'bytes of no kind': (random) =>
    Buffer.from(Array.from({ length: upTo(random, 1, 5000) }, () => Math.floor(random.between(0, 256)))),
  'a very long text': (random) => `{${QUERY},"variables":{"text":"${'x'.repeat(upTo(random, 1000, 9_000_000))}"}}`,
};

const KINDS = Object.entries(BODIES);

/** One of each kind in turn. */
export function hostileBody(index: number, random: SeededRandom): HostileBody {
  const [kind, make] = KINDS[index % KINDS.length] ?? random.pick(KINDS);
  return { kind, body: Buffer.from(make(random)) };
}
