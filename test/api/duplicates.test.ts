import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchKindThresholds } from '../../src/services/match-kind.js';
import { numberedCatalog, type CatalogFixture } from '../support/catalog-fixture.js';
import { startPostgresProxy } from '../support/postgres-proxy.js';
import { startReplica } from '../support/replica.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';
import { cosine } from '../support/vectors.js';

const QUERY = `query ($first: Int! = 20, $after: String, $minKind: MatchKind! = NEAR_DUPLICATE, $model: String) {
  duplicateProducts(first: $first, after: $after, minKind: $minKind, model: $model) {
    edges { cursor node { similarity matchKind products { id title } images { id url } } }
    nodes { images { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  edges: {
    cursor: string;
    node: { similarity: number; matchKind: string; products: { id: string }[]; images: { id: string; url: string }[] };
  }[];
  nodes: { images: { id: string }[] }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** Twelve different pictures, and the first of them again: the same file, encoded anew, brightened, and as a second picture. */
function shopWithDuplicates(): CatalogFixture {
  const { products, images, ...catalog } = numberedCatalog(12);
  const more = [
    { id: '21', url: '1.jpg' },
    { id: '22', url: 'encoded-anew.webp' },
    { id: '23', url: 'brightened.jpg' },
  ];
  return {
    ...catalog,
    products: [...products, ...more.map(({ id }) => ({ id, title: `Product ${id}` }))],
    images: [
      ...images,
      ...more.map(({ id, url }) => ({ id, productId: id, url, isMain: true })),
      { id: '101', productId: '1', url: '1.jpg', isMain: false },
    ],
  };
}

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ catalog: shopWithDuplicates(), env: { BACKFILL_IMAGES: 'all' } });
  const first = await testPhotograph(1);
  await writeFile(join(shop.imageRoot, 'encoded-anew.webp'), await sharp(first).webp({ quality: 70 }).toBuffer());
  const brightened = sharp(first).modulate({ brightness: 1.04 });
  await writeFile(join(shop.imageRoot, 'brightened.jpg'), await brightened.jpeg().toBuffer());
  const { counts } = await shop.backfill();
  expect(counts).toMatchObject({ failed: 0 });
});
afterAll(() => shop.close());

async function pageOf(variables: Record<string, unknown> = {}): Promise<Page> {
  const { data, errors } = await shop.asAdmin(QUERY, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.duplicateProducts as Page;
}

async function allPages(variables: Record<string, unknown>): Promise<Page[]> {
  const pages = [await pageOf(variables)];
  for (let last = pages[0]; last?.pageInfo.hasNextPage === true; last = pages.at(-1)) {
    pages.push(await pageOf({ ...variables, after: last.pageInfo.endCursor }));
  }
  return pages;
}

const pairsOf = (...pages: Page[]) =>
  pages.flatMap(({ nodes }) => nodes.map(({ images }) => images.map(({ id }) => id).join(' ')));

const kindsOf = ({ edges }: Page) =>
  Object.fromEntries(edges.map(({ node }) => [node.images.map(({ id }) => id).join(' '), node.matchKind]));

/** By comparing every vector with every other one. */
async function pairsByBruteForce(minSimilarity: number): Promise<string[]> {
  const rows = await shop.vectors.query<{ id: string; productId: string; vector: string }>(
    `select image_id as id, product_id as "productId", image_embedding::text as vector from image_embeddings
     order by image_id collate "C"`,
  );
  const all = rows.map(({ vector, ...row }) => ({ ...row, vector: Float32Array.from(JSON.parse(vector) as number[]) }));
  return all.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter(({ productId, vector }) => productId !== one.productId && cosine(one.vector, vector) >= minSimilarity)
      .map(({ id }) => `${one.id} ${id}`),
  );
}

describe('duplicateProducts', () => {
  it('pairs products that have the same file, the same picture in another file, and nearly the same', async () => {
    const kinds = kindsOf(await pageOf());
    expect(kinds).toEqual({
      '1 21': 'SAME_IMAGE',
      '101 21': 'SAME_IMAGE',
      '1 22': 'SAME_IMAGE',
      '101 22': 'SAME_IMAGE',
      '21 22': 'SAME_IMAGE',
      '1 23': 'NEAR_DUPLICATE',
      '101 23': 'NEAR_DUPLICATE',
      '21 23': 'NEAR_DUPLICATE',
      '22 23': 'NEAR_DUPLICATE',
    });
  });

  it('gives the two products and their pictures in one order, and how alike they are', async () => {
    const { edges } = await pageOf();
    const found = edges.find(({ node }) => node.images.some(({ id }) => id === '101'));
    expect(found?.node).toMatchObject({
      products: [
        { id: '1', title: 'Product 1' },
        { id: '21', title: 'Product 21' },
      ],
      images: [
        { id: '101', url: '/images/1.jpg' },
        { id: '21', url: '/images/1.jpg' },
      ],
    });
    expect(found?.node.similarity).toBeCloseTo(1, 3);
  });

  it.each([1, 2, 4, 100])('has each pair once over all pages of %i', async (first) => {
    const pages = await allPages({ first });
    const { nearDuplicate } = matchKindThresholds('deterministic');
    expect(pairsOf(...pages)).toEqual(await pairsByBruteForce(nearDuplicate));
    expect(pages.every(({ edges }) => edges.length <= first)).toBe(true);
    expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual(pages.map((_page, index) => index > 0));
  });

  it('goes on behind any edge', async () => {
    const { edges, nodes } = await pageOf();
    const page = await pageOf({ after: edges[3]?.cursor });
    expect(page.nodes).toEqual(nodes.slice(4));
  });

  it('has only the same picture with minKind: SAME_IMAGE', async () => {
    const page = await pageOf({ minKind: 'SAME_IMAGE' });
    expect(Object.keys(kindsOf(page))).toEqual(await pairsByBruteForce(matchKindThresholds('deterministic').sameImage));
    expect(new Set(Object.values(kindsOf(page)))).toEqual(new Set(['SAME_IMAGE']));
  });

  it('leaves out what the catalogue no longer has, and goes on all the same', async () => {
    await shop.changeCatalogue(`delete from products where id = 22`);
    await shop.changeCatalogue(`update product_images set product_id = 12 where id = 101`);
    expect(pairsOf(...(await allPages({ first: 2 })))).toEqual(['1 21', '1 23', '21 23']);
    await shop.changeCatalogue(`insert into products (id, title) values (22, 'Product 22')`);
    await shop.changeCatalogue(`update product_images set product_id = 1 where id = 101`);
  });

  it('costs few statements, however many pairs there are', async () => {
    const vectors = await startPostgresProxy(shop.config.vectorDatabaseUrl ?? '');
    const catalogue = await startPostgresProxy(shop.config.catalogDatabaseUrl ?? '');
    const config = { ...shop.config, vectorDatabaseUrl: vectors.url, catalogDatabaseUrl: catalogue.url };
    const replica = await startReplica({ ...shop, config }, { workers: 0 });
    const [ofVectors, ofCatalogue] = [vectors.statements.length, catalogue.statements.length];
    await replica.asAdmin(QUERY);
    expect(catalogue.statements.slice(ofCatalogue).filter((sql) => /^\s*select/i.test(sql))).toHaveLength(2);
    const comparing = vectors.statements.slice(ofVectors).filter((sql) => sql.includes('<#>'));
    expect(comparing).toHaveLength(1);
    await replica.app.close();
    await Promise.all([vectors.close(), catalogue.close()]);
  });

  it('is empty for a model that has embedded nothing', async () => {
    await shop.vectors.query(`insert into embedding_models (name, dimensions) values ('other', 8)`);
    await shop.vectors.query(
      `create table image_embeddings_other_d9298a10 partition of image_embeddings for values in ('other')`,
    );
    expect(await pageOf({ model: 'other' })).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});

describe('duplicateProducts refuses', () => {
  const cursorOf = (...key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
  const notACursor = '`after` is not a cursor of this list. Take it from `cursor` or `endCursor`.';

  async function refusal(answer: Promise<Answer>): Promise<unknown[]> {
    const { errors } = await answer;
    return [errors?.[0]?.extensions.code, errors?.[0]?.extensions.argument, errors?.[0]?.message];
  }

  it.each([
    [{ first: 0 }, 'BAD_USER_INPUT', 'first', '`first` must be from 1 to 100, and 0 is not.'],
    [{ first: 101 }, 'BAD_USER_INPUT', 'first', '`first` must be from 1 to 100, and 101 is not.'],
    [
      { minKind: 'SIMILAR' },
      'BAD_USER_INPUT',
      'minKind',
      '`minKind` must be SAME_IMAGE or NEAR_DUPLICATE, and SIMILAR is not: of two products most are that.',
    ],
    [{ after: 'nonsense' }, 'INVALID_CURSOR', 'after', notACursor],
    [{ after: cursorOf() }, 'INVALID_CURSOR', 'after', notACursor],
    [{ after: cursorOf('1', 2) }, 'INVALID_CURSOR', 'after', notACursor],
    [{ after: cursorOf('1', '2', '3') }, 'INVALID_CURSOR', 'after', notACursor],
    [{ after: cursorOf('1\0') }, 'INVALID_CURSOR', 'after', notACursor],
    [{ model: 'clip' }, 'NOT_FOUND', 'model', 'There is no model "clip" here. There are: deterministic, other.'],
  ])('%o', async (variables, code, argument, message) => {
    expect(await refusal(shop.asAdmin(QUERY, variables))).toEqual([code, argument, message]);
  });

  it('whoever is no admin', async () => {
    expect(await refusal(shop.query(QUERY))).toEqual([
      'UNAUTHENTICATED',
      undefined,
      'This needs the admin token: send it as "Authorization: Bearer <token>", over WebSocket in connectionParams.',
    ]);
  });
});
