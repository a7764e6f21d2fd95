import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const BY_PHOTOGRAPH = `query ($image: Upload, $limit: Int! = 12, $minSimilarity: Float) {
  similarProducts(image: $image, limit: $limit, minSimilarity: $minSimilarity) {
    status
    model { name dimensions }
    edges { cursor similarity node { id title price } image { id url isMain } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

const BY_PRODUCT = `query ($id: ID!, $limit: Int! = 12, $minSimilarity: Float) {
  similarToProduct(id: $id, limit: $limit, minSimilarity: $minSimilarity) {
    status
    edges { similarity node { id } }
    pageInfo { hasNextPage }
  }
}`;

interface Connection {
  status: string;
  edges: { cursor: string; similarity: number; node: { id: string; title: string }; image: { url: string } }[];
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 30 });
  await shop.backfill();
});

afterAll(() => shop.close());

async function byPhotograph(photograph: Buffer, variables = {}): Promise<Connection> {
  const answer = await shop.upload(photograph, BY_PHOTOGRAPH, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data?.similarProducts as Connection;
}

async function byProduct(id: string, variables = {}): Promise<Connection | null> {
  const answer = await shop.query(BY_PRODUCT, { id, ...variables });
  expect(answer.errors).toBeUndefined();
  return answer.data?.similarToProduct as Connection | null;
}

describe('similarProducts', () => {
  it.each([1, 7, 30])('finds product %i by its own photograph', async (number) => {
    const { edges, status } = await byPhotograph(await testPhotograph(number));
    expect(status).toBe('OK');
    expect(edges[0]).toMatchObject({ node: { id: String(number), title: `Product ${number}`, price: number } });
    expect(edges[0]?.similarity).toBeGreaterThan(0.99);
  });

  it('answers with other products for another photograph', async () => {
    const [one, other] = await Promise.all([
      byPhotograph(await testPhotograph(3)),
      byPhotograph(await testPhotograph(4)),
    ]);
    expect(one.edges[0]?.node.id).toBe('3');
    expect(other.edges[0]?.node.id).toBe('4');
  });

  it('puts the most alike first, each product once, and repeats the products as nodes', async () => {
    const { edges, nodes } = await byPhotograph(await testPhotograph(5), { limit: 30 });
    const similarities = edges.map((edge) => edge.similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(new Set(edges.map((edge) => edge.node.id)).size).toBe(30);
    expect(nodes.map((node) => node.id)).toEqual(edges.map((edge) => edge.node.id));
  });

  it('returns as many as asked for and says whether there are more', async () => {
    const page = await byPhotograph(await testPhotograph(5), { limit: 29 });
    expect(page.edges).toHaveLength(29);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor);
    const whole = await byPhotograph(await testPhotograph(5), { limit: 30 });
    expect(whole.pageInfo.hasNextPage).toBe(false);
  });

  it('leaves out what is less alike than minSimilarity', async () => {
    const all = await byPhotograph(await testPhotograph(5), { limit: 30 });
    const least = all.edges[4]?.similarity ?? 1;
    const alike = await byPhotograph(await testPhotograph(5), { limit: 30, minSimilarity: least });
    expect(alike.edges.map((edge) => edge.node.id)).toEqual(all.edges.slice(0, 5).map((edge) => edge.node.id));
    expect(alike.pageInfo.hasNextPage).toBe(false);
  });

  it('shows where the picture is, and serves it there', async () => {
    const { edges } = await byPhotograph(await testPhotograph(2), { limit: 1 });
    expect(edges[0]?.image.url).toBe('/images/2.jpg');
    const picture = await fetch(new URL('/images/2.jpg', shop.app.url));
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(await testPhotograph(2));
  });
});

describe('similarToProduct', () => {
  it('finds what looks like a product, without the product itself', async () => {
    const found = await byProduct('1', { limit: 100 });
    expect(found?.edges).toHaveLength(29);
    expect(found?.edges.map((edge) => edge.node.id)).not.toContain('1');
    expect(found?.edges[0]?.node.id).toBe(
      (await byPhotograph(await testPhotograph(1), { limit: 2 })).edges[1]?.node.id,
    );
  });

  it('is null for a product that the shop does not have', async () => {
    expect(await byProduct('9999')).toBeNull();
  });

  it('says so where the product is not embedded yet', async () => {
    await shop.changeCatalogue(`insert into products (id, title) values (777, 'Without a picture')`);
    expect(await byProduct('777')).toMatchObject({
      status: 'NOT_EMBEDDED',
      edges: [],
      pageInfo: { hasNextPage: false },
    });
  });

  it('leaves out a product that left the catalogue, and still fills the page', async () => {
    const before = await byProduct('2', { limit: 5 });
    const gone = before?.edges[0]?.node.id;
    await shop.changeCatalogue(`delete from products where id = $1`, [gone]);
    const after = await byProduct('2', { limit: 5 });
    expect(after?.edges).toHaveLength(5);
    expect(after?.edges.map((edge) => edge.node.id)).not.toContain(gone);
  });
});

describe('product', () => {
  const PRODUCT = `query ($id: ID!) {
    product(id: $id) { id title price inStock mainImage { id } images { url isMain } similarProducts(limit: 2) { nodes { id } } }
  }`;

  it('has its pictures and what looks like it', async () => {
    const { data } = await shop.query(PRODUCT, { id: '10' });
    expect(data?.product).toMatchObject({
      id: '10',
      title: 'Product 10',
      price: 10,
      inStock: true,
      mainImage: { id: '10' },
      images: [{ url: '/images/10.jpg', isMain: true }],
      similarProducts: { nodes: [{}, {}] },
    });
  });

  it('has no main image where it has no image', async () => {
    await shop.changeCatalogue(`insert into products (id, title) values (778, 'Without a picture')`);
    const { data } = await shop.query(PRODUCT, { id: '778' });
    expect(data?.product).toMatchObject({ mainImage: null, images: [], similarProducts: { nodes: [] } });
  });

  it('is null where the shop has no such product', async () => {
    expect((await shop.query(PRODUCT, { id: '9999' })).data).toEqual({ product: null });
  });
});
