import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const SEARCH = `query ($image: Upload, $other: Upload) {
  similarProducts(image: $image, limit: 1) { nodes { id } }
  second: similarProducts(image: $other, limit: 1) { nodes { id } }
}`;

const ONE = `query ($image: Upload) { similarProducts(image: $image, limit: 1) { nodes { id } } }`;

const PREFLIGHT = { 'apollo-require-preflight': 'true' };

let shop: TestShop;
let photograph: Buffer;

beforeAll(async () => {
  photograph = await testPhotograph(2);
  shop = await startTestShop({ products: 3 });
  await shop.backfill();
});

afterAll(() => shop.close());

type Part = [name: string, value: string | Buffer];

/** Sends the parts in the order given and returns status and errors. */
async function send(parts: readonly Part[], headers: Record<string, string> = PREFLIGHT) {
  const body = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') body.append(name, value);
    else body.append(name, new Blob([new Uint8Array(value)]), 'photo.jpg');
  }
  const response = await fetch(`${shop.app.url}graphql`, { method: 'POST', headers, body });
  const answer = (await response.json()) as {
    data?: unknown;
    errors?: { message: string; extensions: { code: string } }[];
  };
  return { status: response.status, data: answer.data, error: answer.errors?.[0] };
}

function operations(query: string, variables: unknown = { image: null }): Part {
  return ['operations', JSON.stringify({ query, variables })];
}

const map = (value: unknown): Part => ['map', JSON.stringify(value)];

describe('a multipart request', () => {
  it('is answered where it is as the specification says', async () => {
    const answer = await send([operations(ONE), map({ 0: ['variables.image'] }), ['0', photograph]]);
    expect(answer).toMatchObject({ status: 200, data: { similarProducts: { nodes: [{ id: '2' }] } } });
  });

  it('may use one file for two variables', async () => {
    const both = { 0: ['variables.image', 'variables.other'] };
    const answer = await send([operations(SEARCH, { image: null, other: null }), map(both), ['0', photograph]]);
    expect(answer.data).toMatchObject({ similarProducts: { nodes: [{ id: '2' }] }, second: { nodes: [{ id: '2' }] } });
  });

  it('is answered where no resolver wants the file', async () => {
    const query =
      'query ($image: Upload, $no: Boolean = false) { similarProducts(image: $image) @include(if: $no) { status } }';
    const answer = await send([operations(query), map({ 0: ['variables.image'] }), ['0', Buffer.alloc(2_000_000)]]);
    expect(answer).toMatchObject({ status: 200, data: {} });
  });

  it('is refused before it is read where it has no preflight header', async () => {
    const answer = await send([operations(ONE), map({ 0: ['hasOwnProperty.call'] }), ['0', photograph]], {});
    expect(answer).toMatchObject({
      status: 400,
      error: {
        message:
          'A multipart request needs the header "apollo-require-preflight: true", so that no other site can send it.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    });
  });

  it.each<[string, Part[], string]>([
    [
      'no operations',
      [map({ 0: ['variables.image'] })],
      'The parts must come in the order `operations`, `map`, files.',
    ],
    ['no map', [operations(ONE)], '`map` is missing in the request.'],
    [
      'a map that comes first',
      [map({ 0: ['variables.image'] }), operations(ONE)],
      'The parts must come in the order `operations`, `map`, files.',
    ],
    [
      'a file that comes before the map',
      [operations(ONE), ['0', Buffer.from('x')], map({ 0: ['variables.image'] })],
      'The parts must come in the order `operations`, `map`, files.',
    ],
    ['operations that are not JSON', [['operations', '{'], map({})], '`operations` is not JSON.'],
    [
      'a batch',
      [['operations', '[{"query":"{ __typename }"}]'], map({})],
      '`operations` must be one GraphQL request: a JSON object, not a batch.',
    ],
    ['a map that is not JSON', [operations(ONE), ['map', '{']], '`map` is not JSON.'],
    [
      'a map of strings',
      [operations(ONE), map({ 0: 'variables.image' })],
      '`map` must be a JSON object like { "0": ["variables.image"] }.',
    ],
    [
      'a map of two files',
      [operations(SEARCH, { image: null, other: null }), map({ 0: ['variables.image'], 1: ['variables.other'] })],
      'One file is accepted in a request, and this one has 2.',
    ],
    [
      'two files',
      [operations(ONE), map({ 0: ['variables.image'] }), ['0', Buffer.from('x')], ['0', Buffer.from('y')]],
      'One file is accepted in a request, and this one has 2.',
    ],
  ])('is refused with %s', async (_what, parts, message) => {
    expect(await send(parts)).toMatchObject({
      status: 400,
      error: { message, extensions: { code: 'BAD_USER_INPUT' } },
    });
  });

  it('says which file is missing', async () => {
    const answer = await send([operations(ONE), map({ 0: ['variables.image'] })]);
    expect(answer).toMatchObject({
      status: 200,
      error: {
        message: '`map` names the file "0", and the request has no such part.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    });
  });

  it('is refused where a field is longer than a request is', async () => {
    const answer = await send([['operations', 'x'.repeat(1_000_001)], map({})]);
    expect(answer.error?.message).toBe('`operations` is longer than 976.6 KiB.');
  });

  it.each([
    ['before the map', ['operations', 'file']],
    ['that the map does not name', ['operations', 'map', 'other']],
    ['that comes a second time', ['operations', 'map', 'file', 'file']],
    ['that the map names', ['operations', 'map', 'file']],
  ])('is refused where it is cut off in the middle of a file %s', async (_what, parts) => {
    const boundary = 'edge';
    const head = (name: string, more = '') =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`;
    const texts: Record<string, string> = {
      operations: `${head('operations')}${operations(ONE)[1] as string}\r\n`,
      map: `${head('map')}{"0":["variables.image"]}\r\n`,
      file: `${head('0', '; filename="a.jpg"')}abc\r\n`,
      other: `${head('7', '; filename="a.jpg"')}abc\r\n`,
    };
    const body = parts
      .map((part) => texts[part])
      .join('')
      .slice(0, -2);
    const response = await fetch(`${shop.app.url}graphql`, {
      method: 'POST',
      headers: { ...PREFLIGHT, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    const next = await send([operations(ONE), map({ 0: ['variables.image'] }), ['0', photograph]]);
    expect(next.status).toBe(200);
  });

  it('is dropped without a trace where the client goes away in its middle', async () => {
    await new Promise<void>((resolve) => {
      const boundary = 'edge';
      const request = httpRequest(`${shop.app.url}graphql`, {
        method: 'POST',
        headers: { ...PREFLIGHT, 'content-type': `multipart/form-data; boundary=${boundary}` },
      });
      request.on('error', () => {
        resolve();
      });
      request.write(`--${boundary}\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query"`, () => {
        request.destroy(new Error('gone'));
      });
    });
    const answer = await send([operations(ONE), map({ 0: ['variables.image'] }), ['0', photograph]]);
    expect(answer.status).toBe(200);
  });
});

describe('a path of the map', () => {
  const builtIns = () =>
    [Object.prototype, Array.prototype, Function.prototype, String.prototype].map((prototype) =>
      Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)?.value as unknown]),
    );

  it.each([
    'hasOwnProperty.call',
    'variables.hasOwnProperty.call',
    'variables.__proto__.polluted',
    'variables.image.__proto__.polluted',
    'variables.constructor.prototype.polluted',
    '__proto__.polluted',
    'constructor.name',
    'variables.toString',
    'variables.__proto__',
    'variables.list.map',
    'variables.list.length',
    'variables.text.length',
    'variables.text',
    'variables.missing',
    'variables',
    'query',
    'operationName',
    '',
    '.',
    'variables.',
    'variables..image',
    ' variables.image',
  ])('that leads elsewhere is refused, and nothing shared is touched: "%s"', async (path) => {
    const before = builtIns();
    const variables = JSON.parse('{"image": null, "text": "x", "list": [], "__proto__": null}') as unknown;
    const body: Part[] = [operations(ONE, variables), map({ 0: [path] }), ['0', photograph]];
    // JSON.stringify leaves an own __proto__ out; it is what the attack writes.
    body[0] = [
      'operations',
      `{"query": ${JSON.stringify(ONE)}, "operationName": null, "variables": {"image": null, "text": "x", "list": [], "__proto__": null}}`,
    ];
    expect(await send(body)).toMatchObject({ status: 400, error: { extensions: { code: 'BAD_USER_INPUT' } } });
    expect(builtIns()).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
