import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';

const SEARCH = `query ($image: Upload, $limit: Int! = 3, $minSimilarity: Float) {
  similarProducts(image: $image, limit: $limit, minSimilarity: $minSimilarity) { nodes { id } }
}`;

const SIMILAR = `query ($id: ID!, $limit: Int! = 3) { similarToProduct(id: $id, limit: $limit) { nodes { id } } }`;

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 5, env: { IMAGE_MAX_BYTES: '100000', IMAGE_MAX_PIXELS: '1000000' } });
  await shop.backfill();
});

// Whatever came, the next search is answered.
afterEach(async () => {
  const { data } = await shop.upload(await testPhotograph(1), SEARCH);
  expect(data).toMatchObject({ similarProducts: { nodes: [{ id: '1' }, {}, {}] } });
});

afterAll(() => shop.close());

function refusalOf(answer: Answer): { code: unknown; message: string | undefined } {
  expect(answer.data?.similarProducts).toBeUndefined();
  const [error] = answer.errors ?? [];
  return { code: error?.extensions.code, message: error?.message };
}

describe('a photograph that is none', () => {
  it.each([
    ['a text', Buffer.from('I am no picture, though my name ends in .jpg'), 'IMAGE_UNREADABLE', /is not an image/],
    ['nothing', Buffer.alloc(0), 'IMAGE_UNREADABLE', /0 bytes/],
    [
      'an SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'IMAGE_UNREADABLE',
      /SVG/,
    ],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n'), 'IMAGE_UNREADABLE', /PDF/],
  ])('is refused: %s', async (_what, bytes, code, message) => {
    const refusal = refusalOf(await shop.upload(bytes, SEARCH));
    expect(refusal).toEqual({ code, message: expect.stringMatching(message) as string });
  });

  it('is refused: a JPEG that is cut short', async () => {
    const whole = await testPhotograph(1);
    const refusal = refusalOf(await shop.upload(whole.subarray(0, whole.length / 2), SEARCH));
    expect(refusal).toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringMatching(/damaged|cut short/) as string,
    });
  });

  it('is refused: one above the cap on bytes', async () => {
    const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, index) => (index * 7919) % 251));
    const large = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    const refusal = refusalOf(await shop.upload(large, SEARCH));
    expect(refusal).toEqual({
      code: 'IMAGE_TOO_LARGE',
      message: 'The file is larger than the 97.7 KiB that are accepted.',
    });
  });

  it('is refused: one above the cap on pixels', async () => {
    const wide = await sharp({ create: { width: 2000, height: 1000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const refusal = refusalOf(await shop.upload(wide, SEARCH));
    expect(refusal).toMatchObject({ code: 'IMAGE_TOO_LARGE', message: expect.stringMatching(/pixels/) as string });
  });

  it('is refused: none at all', async () => {
    expect(refusalOf(await shop.query(SEARCH))).toEqual({
      code: 'BAD_USER_INPUT',
      message:
        'One of `image` (a photograph as a GraphQL multipart upload) and `queryImageId` is needed, and neither came.',
    });
  });

  it('is refused: a string in the place of a file', async () => {
    expect(refusalOf(await shop.query(SEARCH, { image: 'photo.jpg' })).code).toBe('BAD_USER_INPUT');
  });
});

describe('a limit out of bounds', () => {
  it.each([0, -1, 101, 1e9])('is refused: %i', async (limit) => {
    const refusal = { code: 'BAD_USER_INPUT', message: `\`limit\` must be from 1 to 100, and ${limit} is not.` };
    expect(refusalOf(await shop.upload(await testPhotograph(1), SEARCH, { limit }))).toEqual(refusal);
    expect(refusalOf(await shop.query(SIMILAR, { id: '1', limit }))).toEqual(refusal);
  });

  it.each([1.01, -2, 1e300])('is refused: a minSimilarity of %d', async (minSimilarity) => {
    expect(refusalOf(await shop.upload(await testPhotograph(1), SEARCH, { minSimilarity }))).toEqual({
      code: 'BAD_USER_INPUT',
      message: `\`minSimilarity\` must be from -1 to 1, and ${minSimilarity} is not.`,
    });
  });
});

describe('an id that no key of the catalogue can be', () => {
  it.each(['abc', '1.5', '99999999999999999999', ''])('is refused: "%s"', async (id) => {
    const answer = await shop.query(SIMILAR, { id });
    expect(refusalOf(answer)).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^`id` must be/) as string,
    });
    const product = await shop.query('query ($id: ID!) { product(id: $id) { id } }', { id });
    expect(refusalOf(product).code).toBe('BAD_USER_INPUT');
  });
});

describe('a document that is none', () => {
  it.each([
    ['a syntax error', '{ product(', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ products { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing argument', '{ product { id } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('is refused: %s', async (_what, document, code) => {
    const answer = await shop.query(document);
    // As is right for the type application/json; the audits of test/harden have the other type.
    expect(answer.status).toBe(200);
    expect(refusalOf(answer).code).toBe(code);
  });

  it('is refused: JSON that is cut short', async () => {
    const response = await fetch(`${shop.app.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query": "{ prod',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'The body of the request is not JSON that can be read.',
          extensions: { code: 'BAD_USER_INPUT', argument: 'request' },
        },
      ],
    });
  });
});
