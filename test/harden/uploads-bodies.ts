import { field, type Part } from './uploads-requests.js';

const QUERY = 'query ($image: Upload) { similarProducts(image: $image, limit: 1) { nodes { id } } }';

/** @param variables - in JSON, since an object literal would make `__proto__` the prototype. */
export const operations = (variables = '{"image":null}'): Part =>
  field('operations', `{"query":${JSON.stringify(QUERY)},"variables":${variables}}`);

export const map = (json = '{"0":["variables.image"]}'): Part => field('map', json);

/** What makes the parts of a request, given what makes one of a photograph. */
type MakeParts = (photo: (name?: string) => Part) => Part[];

export const ACCEPTED_BODIES: [what: string, MakeParts][] = [
  [
    'with its file in a list too',
    (photo) => [
      operations('{"image":null,"list":[null,null]}'),
      map('{"0":["variables.image","variables.list.1"]}'),
      photo(),
    ],
  ],
  [
    'whose file has the name of a prototype',
    (photo) => [operations(), map('{"__proto__":["variables.image"]}'), photo('__proto__')],
  ],
  [
    'with fields after its file',
    (photo) => [operations(), map(), photo(), field('more', 'x'), field('map', '{'), field('operations', '{')],
  ],
  [
    'with a second map, which nobody reads',
    (photo) => [operations(), map(), map('{"0":["variables.nothing"]}'), photo()],
  ],
  [
    'whose file has a path for a name',
    (photo) => [operations(), map(), { ...photo(), disposition: '; name="0"; filename="../../etc/passwd.jpg"' }],
  ],
  [
    'whose file has a name in another alphabet',
    (photo) => [operations(), map(), { ...photo(), disposition: '; name="0"; filename*=UTF-8\'\'%e2%82%ac%ff.jpg' }],
  ],
  [
    'whose file says it is text',
    (photo) => [operations(), map(), { ...photo(), head: ['Content-Type: text/html; charset=utf-7'] }],
  ],
];

export const REFUSED_BODIES: [what: string, MakeParts][] = [
  ['whose file has an empty name', (photo) => [operations(), map('{"":["variables.image"]}'), photo('')]],
  ['of nothing', () => []],
  ['of one file', (photo) => [photo()]],
  ['of operations that come twice', (photo) => [operations(), operations(), map(), photo()]],
  ['of a map that comes twice and no operations', (photo) => [map(), map(), photo()]],
  ['whose file comes first', (photo) => [photo(), operations(), map()]],
  ['whose operations are null', (photo) => [field('operations', 'null'), map(), photo()]],
  ['whose operations are a number', (photo) => [field('operations', '1e999'), map(), photo()]],
  ['whose operations are within 400000 lists', (photo) => [field('operations', '['.repeat(400_000)), map(), photo()]],
  [
    'whose variables are within 100000 objects',
    (photo) => [operations('{"a":'.repeat(100_000) + 'null' + '}'.repeat(100_000)), map(), photo()],
  ],
  ['whose variables are a text', (photo) => [operations('"image"'), map(), photo()]],
  ['whose map is null', (photo) => [operations(), map('null'), photo()]],
  ['whose map is a list', (photo) => [operations(), map('[["variables.image"]]'), photo()]],
  ['whose map has a number for a path', (photo) => [operations(), map('{"0":[0]}'), photo()]],
  ['whose map is within 400000 lists', (photo) => [operations(), map('['.repeat(400_000)), photo()]],
  [
    'whose map names 50000 files',
    (photo) => [
      operations(),
      map(JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, []])))),
      photo(),
    ],
  ],
  [
    'whose map has 40000 paths for its file',
    (photo) => [
      operations(),
      map(JSON.stringify({ 0: Array.from({ length: 40_000 }, () => 'variables.image') })),
      photo(),
    ],
  ],
  [
    'whose map has a path of 400000 steps',
    (photo) => [operations(), map(JSON.stringify({ 0: [`variables${'.a'.repeat(400_000)}`] })), photo()],
  ],
  ['whose map is longer than is read', (photo) => [operations(), map(`{"0":["${'a'.repeat(1_000_001)}"]}`), photo()]],
  ['whose file comes ten times', (photo) => [operations(), map(), ...Array.from({ length: 10 }, () => photo())]],
  [
    'whose parts have no names',
    (photo) => [{ ...operations(), disposition: '' }, { ...map(), disposition: '' }, photo()],
  ],
  [
    'whose part has a head of 200 kB',
    (photo) => [operations(), map(), { ...photo(), head: [`X-Long: ${'x'.repeat(200_000)}`] }],
  ],
  [
    'whose part has 5000 lines of head',
    (photo) => [operations(), map(), { ...photo(), head: Array.from({ length: 5000 }, (_, line) => `X-${line}: x`) }],
  ],
  [
    'whose file has a zero in its name',
    (photo) => [operations(), map(), { ...photo(), disposition: '; name="0"; filename="photo\0.jpg"' }],
  ],
];
