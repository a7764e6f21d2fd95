import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { photograph as answerWith, startImageHost, type ImageHost } from '../support/image-host.js';
import {
  CREATE_QUERY_IMAGE,
  makeQueryImage,
  queryImagePayload,
  refusedPayload,
  type GivenPhotograph,
  type Refusal,
} from '../support/query-images.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
let host: ImageHost;
let photograph: Buffer;
let large: Buffer;

beforeAll(async () => {
  photograph = await testPhotograph(1);
  const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, index) => (index * 7919) % 251));
  large = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  host = await startImageHost({
    '/large.png': answerWith(large),
  });
  shop = await startTestShop({
    products: 3,
    env: {
      IMAGE_MAX_BYTES: '100000',
      IMAGE_MAX_PIXELS: '1000000',
      QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS: host.host,
      INTROSPECTION: 'true',
    },
  });
  await shop.backfill();
});

// Whatever came, the next photograph is taken, and nothing is left of the one that was not.
afterEach(async () => {
  const id = await makeQueryImage(shop, photograph);
  const { data } = await shop.query('query ($id: ID!) { similarProducts(queryImageId: $id) { nodes { id } } }', { id });
  expect(data).toMatchObject({ similarProducts: { nodes: [{ id: '1' }, {}, {}] } });
  expect(await shop.vectors.query('delete from query_images returning id')).toEqual([{ id }]);
});

afterAll(async () => {
  await shop.close();
  await host.close();
});

const NOT_AN_IMAGE: Refusal = [
  'IMAGE_UNREADABLE',
  'The file is not an image: give a JPEG, PNG, WebP, AVIF or GIF photograph.',
];
const EMPTY: Refusal = ['IMAGE_UNREADABLE', 'The image is empty: it has 0 bytes.'];
const CUT_OFF: Refusal = [
  'IMAGE_UNREADABLE',
  "The JPEG photograph is damaged or cut off and can't be decoded: save it again or give another one.",
];
const NO_BASE64: Refusal = [
  'BAD_USER_INPUT',
  '`input.base64` must be the photograph in base64, plain or as a data: URL ("data:image/jpeg;base64,…"), and this is neither.',
];
async function expectRefusal(given: GivenPhotograph, refusal: Refusal): Promise<void> {
  expect(await queryImagePayload(shop, given)).toEqual(refusedPayload(given, refusal));
}

describe('a photograph that is none', () => {
  const bytes: [string, () => Buffer, Refusal][] = [
    ['a text', () => Buffer.from('no picture'), NOT_AN_IMAGE],
    ['nothing', () => Buffer.alloc(0), EMPTY],
    ['a JPEG that is cut off', () => photograph.subarray(0, photograph.length / 2), CUT_OFF],
  ];

  it.each(bytes)('is refused as an upload: %s', async (_what, make, refusal) => {
    await expectRefusal(make(), refusal);
  });

  it.each(bytes)('is refused in base64: %s', async (_what, make, refusal) => {
    await expectRefusal({ base64: make().toString('base64') }, refusal);
    await expectRefusal({ base64: `data:image/jpeg;base64,${make().toString('base64')}` }, refusal);
  });

  it('is refused above the cap on bytes, whichever way it comes', async () => {
    await expectRefusal(large, ['IMAGE_TOO_LARGE', 'The file is larger than the 97.7 KiB that are accepted.']);
    await expectRefusal({ base64: large.toString('base64') }, [
      'IMAGE_TOO_LARGE',
      'The photograph in `input.base64` is larger than the 97.7 KiB that are accepted.',
    ]);
    const url = `${host.origin}/large.png`;
    await expectRefusal({ url }, [
      'IMAGE_TOO_LARGE',
      `The photograph at ${url} is larger than 97.7 KiB, which is the most that is accepted: make it smaller or raise IMAGE_MAX_BYTES.`,
    ]);
  });

  it('is refused above the cap on pixels', async () => {
    const wide = await sharp({ create: { width: 2000, height: 1000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await expectRefusal(wide, [
      'IMAGE_TOO_LARGE',
      'The photograph has 2,000,000 pixels (2000 x 1000), and at most 1,000,000 are accepted: scale it down.',
    ]);
  });
});

describe('base64 that is none', () => {
  it.each([
    ['other letters', 'I am no base64!!'],
    ['a letter too few', 'AAAAA'],
    ['too much of a fill', 'A==='],
    ['a data: URL without base64', 'data:image/svg+xml,%3Csvg/%3E'],
    ['a data: URL without data', 'data:image/jpeg;base64'],
    ['an address', 'https://shop.example/1.jpg'],
  ])('is refused: %s', async (_what, base64) => {
    await expectRefusal({ base64 }, NO_BASE64);
  });

  it.each(['', '  \n', 'data:image/jpeg;base64,'])('is refused: nothing, as "%s"', async (base64) => {
    await expectRefusal({ base64 }, EMPTY);
  });
});

describe('not exactly one of the three', () => {
  const ONE = 'Exactly one key must be specified for OneOf type "CreateQueryImageInput".';

  it.each([
    ['none', {}, `Variable "$input" got invalid value {}; ${ONE}`],
    ['two', { url: 'a', base64: 'b' }, `Variable "$input" got invalid value { url: "a", base64: "b" }; ${ONE}`],
    ['null', { url: null }, 'Variable "$input" got invalid value null at "input.url"; Field "url" must be non-null.'],
  ])('is refused in variables: %s', async (_what, input, message) => {
    const { data, errors } = await shop.query(CREATE_QUERY_IMAGE, { input });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('is refused without giving a whole photograph back', async () => {
    const { errors } = await shop.query(CREATE_QUERY_IMAGE, { input: { url: 'a', base64: 'x'.repeat(1_000_000) } });
    expect(errors?.[0]?.message.length).toBeLessThan(1100);
    expect(errors?.[0]?.message).toMatch(
      /^Variable "\$input" got invalid value \{ url: "a", base64: "x+ … x+" \}; Exactly one key/,
    );
  });

  it.each([
    ['none', '{}', 'OneOf Input Object "CreateQueryImageInput" must specify exactly one key.'],
    ['two', '{ url: "a", base64: "b" }', 'OneOf Input Object "CreateQueryImageInput" must specify exactly one key.'],
    ['null', '{ url: null }', 'Field "CreateQueryImageInput.url" must be non-null.'],
  ])('is refused in a document: %s', async (_what, input, message) => {
    const { errors } = await shop.query(`mutation { createQueryImage(input: ${input}) { queryImage { id } } }`);
    expect(errors).toMatchObject([{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it('can be seen in the schema', async () => {
    const { data } = await shop.query('{ __type(name: "CreateQueryImageInput") { isOneOf } }');
    expect(data).toEqual({ __type: { isOneOf: true } });
  });
});

describe('a request that is not as it should be', () => {
  it('is refused where the file is missing', async () => {
    const variables = { input: { upload: 'photo.jpg' } };
    const { errors } = await shop.query(CREATE_QUERY_IMAGE, variables);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^Variable "\$input" got invalid value .*upload/) as string,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('is refused above 8 MB', async () => {
    const { status: code, errors } = await shop.query(CREATE_QUERY_IMAGE, {
      input: { base64: 'A'.repeat(8 * 1024 * 1024) },
    });
    expect({ code, errors }).toEqual({
      code: 400,
      errors: [{ message: 'The request is too long.', extensions: { code: 'BAD_USER_INPUT', argument: 'request' } }],
    });
  });

  it('is refused with a document above 1 MB, before it is parsed', async () => {
    const { status: code, errors } = await shop.query(`{ __typename ${'# '.repeat(600_000)}\n}`);
    expect({ code, errors }).toEqual({
      code: 400,
      errors: [
        {
          message: 'The GraphQL document is longer than 64 KiB. Give a photograph in a variable.',
          extensions: { code: 'BAD_USER_INPUT', argument: 'query' },
        },
      ],
    });
  });
});

describe('a region that is none', () => {
  const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

  it.each([
    [
      'that begins outside',
      { ...WHOLE, x: -0.1 },
      "`region.x` must be at least 0 and below 1, in shares of the photograph's width, and is -0.1.",
    ],
    [
      'that ends outside',
      { ...WHOLE, y: 0.5 },
      '`region.y` and `region.height` must come to 1 at most, for the region to lie within the photograph, and 0.5 and 1 come to 1.5.',
    ],
    [
      'without a width',
      { ...WHOLE, width: 0 },
      "`region.width` must be above 0 and at most 1, in shares of the photograph's width, and is 0.",
    ],
  ])('is refused before anything is fetched: one %s', async (_what, region, message) => {
    const before = host.requests.length;
    expect(await queryImagePayload(shop, { url: `${host.origin}/large.png` }, region)).toEqual({
      queryImage: null,
      userErrors: [{ field: ['region'], code: 'BAD_USER_INPUT', message }],
    });
    expect(host.requests.length).toBe(before);
  });
});
