import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { makeQueryImage } from '../support/query-images.js';
import { startReplica } from '../support/replica.js';
import { allPages, idsOf, refusalOf, searchPage } from '../support/search-operations.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const PRODUCTS = 32;
/** Grounds of the test photographs come back every so many numbers: 1, 9, ... are on blue, 3, 11, ... on yellow. */
const GROUNDS = 8;

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: PRODUCTS });
  await shop.backfill();
});
afterAll(() => shop.close());

async function grounds(input: Record<string, unknown>, limit = 4): Promise<number[]> {
  const page = await searchPage(shop, 'searchProducts', { input, limit });
  return idsOf(page).map((id) => Number(id) % GROUNDS);
}

async function scoresOf(input: Record<string, unknown>): Promise<Map<string, number>> {
  const { edges } = await searchPage(shop, 'searchProducts', { input, limit: 100 });
  return new Map(edges.map(({ node, similarity }) => [node.id, similarity]));
}

describe('searchProducts', () => {
  it('finds what looks like words', async () => {
    expect(await grounds({ text: 'yellow' })).toEqual([3, 3, 3, 3]);
    expect(await grounds({ text: '  Blue ' })).toEqual([1, 1, 1, 1]);
  });

  it('finds what looks like a picture and words together', async () => {
    const images = [{ productId: '1' }];
    const alike = await searchPage(shop, 'searchProducts', { input: { images }, limit: 8 });
    expect(idsOf(alike)).toEqual(idsOf(await searchPage(shop, 'similarToProduct', { id: '1', limit: 8 })));
    expect(await grounds({ images, text: 'yellow', weights: { text: 3 } })).toEqual([3, 3, 3, 3]);
  });

  it('takes a photograph by its handle, and several pictures', async () => {
    const queryImageId = await makeQueryImage(shop, await testPhotograph(9));
    const { edges } = await searchPage(shop, 'searchProducts', { input: { images: [{ queryImageId }] }, limit: 1 });
    expect(edges[0]).toMatchObject({ node: { id: '9' }, matchKind: 'SAME_IMAGE' });
    const images = [{ queryImageId }, { productId: '8' }];
    const scores = await Promise.all(images.map((image) => scoresOf({ images: [image] })));
    const sumOf = (id: string) => scores.reduce((sum, of) => sum + (of.get(id) ?? 0), 0);
    const both = [...(await scoresOf({ images })).keys()];
    expect(both).toHaveLength(PRODUCTS - 1);
    expect(both).toEqual([...both].sort((one, other) => sumOf(other) - sumOf(one)));
  });

  it('turns away from counterexamples, and leaves out the products that are asked with', async () => {
    const images = [{ productId: '3' }];
    const before = idsOf(await searchPage(shop, 'searchProducts', { input: { images }, limit: PRODUCTS }));
    const [nearest = ''] = before;
    const input = { images, unlike: [{ productId: before[1] }, { text: 'green' }], weights: { unlike: 2 } };
    const after = idsOf(await searchPage(shop, 'searchProducts', { input, limit: PRODUCTS }));
    expect(after).toHaveLength(PRODUCTS - 2);
    expect(after).not.toContain('3');
    expect(after).not.toContain(before[1]);
    expect(after.indexOf(nearest)).toBeGreaterThanOrEqual(before.indexOf(nearest));
    expect(after).not.toEqual(before.filter((id) => id !== before[1]));
  });

  it('pages like every search', async () => {
    const input = { text: 'red', unlike: [{ text: 'blue' }] };
    const whole = idsOf(await searchPage(shop, 'searchProducts', { input, limit: 100 }));
    expect(whole).toHaveLength(PRODUCTS);
    expect(idsOf(...(await allPages(shop, 'searchProducts', { input, limit: 5 })))).toEqual(whole);
  });

  it('begins anew where a product in the question got another picture', async () => {
    const input = { text: 'red', images: [{ productId: '20' }] };
    const { pageInfo } = await searchPage(shop, 'searchProducts', { input, limit: 3 });
    await shop.changeCatalogue(`update product_images set image_url = '21.jpg' where id = 20`);
    await shop.backfill();
    const [code] = await refusalOf(shop, 'searchProducts', { input, limit: 3, after: pageInfo.endCursor });
    expect(code).toBe('INVALID_CURSOR');
    await shop.changeCatalogue(`update product_images set image_url = '20.jpg' where id = 20`);
    await shop.backfill();
  });

  it('calls nothing the same picture where words are in the question', async () => {
    const input = { text: 'red', images: [{ queryImageId: await makeQueryImage(shop, await testPhotograph(8)) }] };
    const { edges } = await searchPage(shop, 'searchProducts', { input, limit: 3 });
    expect(edges.map(({ matchKind }) => matchKind)).toEqual(['SIMILAR', 'SIMILAR', 'SIMILAR']);
  });

  it('says so where a product in the question is not embedded yet', async () => {
    await shop.changeCatalogue(`insert into products (id, title) values (777, 'Without a picture')`);
    const page = await searchPage(shop, 'searchProducts', { input: { text: 'red', images: [{ productId: '777' }] } });
    expect(page).toMatchObject({ status: 'NOT_EMBEDDED', edges: [] });
  });

  it('needs a model with a text tower for words, and none for pictures', async () => {
    const encoder = makeDeterministicEncoder({ hasText: false });
    const replica = await startReplica(shop, { workers: 0, encoder });
    const [code, message] = await refusalOf(replica, 'searchProducts', { input: { text: 'red' } });
    expect(code).toBe('MODEL_UNAVAILABLE');
    expect(message).toBe(
      'The model "deterministic" has no text tower, so it can\'t search by words. ' +
        'Models that have one: clip-ViT-B-32, clip-ViT-B-16, clip-ViT-L-14, tiny-clip.',
    );
    const images = [{ productId: '3' }];
    expect(idsOf(await searchPage(replica, 'searchProducts', { input: { images } }))).toHaveLength(12);
    // Words without weight are no words.
    const input = { text: 'red', images, unlike: [{ text: 'blue' }], weights: { text: 0, unlike: 0 } };
    expect(idsOf(await searchPage(replica, 'searchProducts', { input }))).toHaveLength(12);
    await replica.app.close();
  });
});

describe('what is no question', () => {
  const product = { productId: '3' };

  it.each([
    [{}, 'input', '`input` must have `text` or `images`: what should products look like?'],
    [{ unlike: [product] }, 'input', '`input` must have `text` or `images`: what should products look like?'],
    [{ text: ' \n' }, 'input.text', '`input.text` must not be empty.'],
    [{ text: 'a'.repeat(10_000) }, 'input.text', '`input.text` may have at most 500 characters, and has 10000.'],
    [{ text: 'red', unlike: [{ text: '' }] }, 'input.unlike', '`input.unlike` must not be empty.'],
    [
      { images: Array.from({ length: 50 }, () => product) },
      'input.images',
      '`input.images` may have at most 10 entries, and has 50.',
    ],
    [
      { text: 'red', unlike: Array.from({ length: 11 }, () => product) },
      'input.unlike',
      '`input.unlike` may have at most 10 entries, and has 11.',
    ],
    [
      { text: 'red', images: [product], weights: { text: 0, images: 0 } },
      'input.weights',
      'At least one of `text` and `images` that `input` has must have a weight above 0.',
    ],
    [
      { text: 'red', weights: { text: -1 } },
      'input.weights.text',
      '`input.weights.text` must be from 0 to 100, and -1 is not.',
    ],
    [
      { text: 'red', weights: { unlike: 1e9 } },
      'input.weights.unlike',
      '`input.weights.unlike` must be from 0 to 100, and 1000000000 is not.',
    ],
    [
      { images: [product], unlike: [product], weights: { unlike: 1 } },
      'input',
      '`input` asks for nothing in particular: what it looks for and what it leaves out cancel each other out.',
    ],
  ])('is refused: %#', async (input, argument, message) => {
    expect(await refusalOf(shop, 'searchProducts', { input })).toEqual(['BAD_USER_INPUT', message, argument]);
  });

  it.each([
    ['{ images: [{ productId: "1", queryImageId: "x" }] }'],
    ['{ images: [{}] }'],
    ['{ text: "red", unlike: [{ productId: "1", text: "blue" }] }'],
  ])('is refused where not exactly one is given: %s', async (input) => {
    const { errors } = await shop.query(`{ searchProducts(input: ${input}) { status } }`);
    expect(errors?.[0]?.message).toMatch(/must (have|specify) exactly one/i);
  });

  it('is refused where it names what is not there', async () => {
    expect(await refusalOf(shop, 'searchProducts', { input: { images: [{ productId: '9999' }] } })).toEqual([
      'NOT_FOUND',
      'The shop has no product "9999", which `input.images` names.',
      'input.images',
    ]);
    const [code, , argument] = await refusalOf(shop, 'searchProducts', {
      input: { text: 'red', unlike: [{ queryImageId: 'AAAAAAAAAAAAAAAAAAAAAA' }] },
    });
    expect([code, argument]).toEqual(['QUERY_IMAGE_EXPIRED', 'input.unlike']);
    const [wrong, , named] = await refusalOf(shop, 'searchProducts', { input: { images: [{ productId: 'mug' }] } });
    expect([wrong, named]).toEqual(['BAD_USER_INPUT', 'input.images']);
  });
});

describe('similarProducts', () => {
  it('takes one of a photograph and a handle', async () => {
    const queryImageId = await makeQueryImage(shop, await testPhotograph(3));
    const refusal = (came: string) => [
      'BAD_USER_INPUT',
      `One of \`image\` (a photograph as a GraphQL multipart upload) and \`queryImageId\` is needed, and ${came} came.`,
      'image',
    ];
    expect(await refusalOf(shop, 'similarProducts', {})).toEqual(refusal('neither'));
    const both = { image: await testPhotograph(3), queryImageId };
    expect(await refusalOf(shop, 'similarProducts', both)).toEqual(refusal('both'));
  });

  it('takes a region of a photograph, and none of a handle', async () => {
    const queryImageId = await makeQueryImage(shop, await testPhotograph(3));
    const region = { x: 0, y: 0, width: 0.5, height: 0.5 };
    expect(await refusalOf(shop, 'similarProducts', { queryImageId, region })).toEqual([
      'BAD_USER_INPUT',
      '`region` belongs to `image`: a query image keeps no photograph to take a part of. Give the region to createQueryImage.',
      'region',
    ]);
    const image = await testPhotograph(8);
    const part = await searchPage(shop, 'similarProducts', { image, region, limit: 5 });
    const whole = await searchPage(shop, 'similarProducts', { image, limit: 5 });
    expect(whole.edges[0]).toMatchObject({ node: { id: '8' }, matchKind: 'SAME_IMAGE' });
    expect(part.edges[0]?.similarity).toBeLessThan(whole.edges[0]?.similarity ?? 0);
    expect(part.edges.map(({ matchKind }) => matchKind)).not.toContain('SAME_IMAGE');
  });
});
