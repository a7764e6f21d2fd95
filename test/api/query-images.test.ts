import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePartition } from '../../src/services/vector/partition.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { photograph as answerWith, startImageHost, type ImageHost } from '../support/image-host.js';
import { makeQueryImage, queryImagePayload, type GivenPhotograph } from '../support/query-images.js';
import { startReplica } from '../support/replica.js';
import { countingEncoder } from '../support/scripted-encoders.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type Answer, type Client, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const PAGE = `status model { name } pageInfo { hasNextPage endCursor }
  edges { similarity matchKind node { id } image { id } }`;

const BY_PHOTOGRAPH = `query ($image: Upload, $region: RegionInput, $limit: Int! = 12) {
  similarProducts(image: $image, region: $region, limit: $limit) { ${PAGE} }
}`;

const BY_ID = `query ($id: ID!, $limit: Int! = 12, $after: String, $filter: ProductFilter) {
  similarProducts(queryImageId: $id, limit: $limit, after: $after, filter: $filter) { ${PAGE} }
}`;

const OF_QUERY_IMAGE = `query ($id: ID!, $limit: Int! = 12, $after: String, $filter: ProductFilter) {
  queryImage(id: $id) {
    id width height expiresAt model { name }
    similarProducts(limit: $limit, after: $after, filter: $filter) { ${PAGE} }
  }
}`;

interface Page {
  status: string;
  model: { name: string };
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: { similarity: number; matchKind: string; node: { id: string } }[];
}

let shop: TestShop;
let host: ImageHost;
let photograph: Buffer;
const embedded = countingEncoder();
/** Has embedded nothing. */
const newer = { ...makeDeterministicEncoder(), model: { name: 'newer', dimensions: 512 } };

beforeAll(async () => {
  photograph = await testPhotograph(7);
  host = await startImageHost({ '/seven.jpg': answerWith(photograph) });
  shop = await startTestShop({
    products: 30,
    env: { QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS: host.host },
    overrides: { encoder: embedded.encoder, encoders: [newer] },
  });
  await shop.backfill();
});

afterAll(async () => {
  await shop.close();
  await host.close();
});

function pageOf({ data, errors }: Answer): Page {
  expect(errors).toBeUndefined();
  const page = data?.similarProducts ?? (data?.queryImage as { similarProducts: Page }).similarProducts;
  return page as Page;
}

const ask = async (id: string, variables = {}, server: Client = shop): Promise<Page> =>
  pageOf(await server.query(BY_ID, { id, ...variables }));

const idsOf = ({ edges }: Page): string[] => edges.map(({ node }) => node.id);

async function expire(id: string): Promise<void> {
  await shop.vectors.query(`update query_images set expires_at = now() - interval '1 second' where id = $1::text`, [
    id,
  ]);
}

describe('a query image', () => {
  it.each<[string, () => GivenPhotograph]>([
    ['an upload', () => photograph],
    ['an address', () => ({ url: `${host.origin}/seven.jpg` })],
    ['base64', () => ({ base64: photograph.toString('base64') })],
    ['base64 in lines', () => ({ base64: photograph.toString('base64').replaceAll(/.{76}/g, '$&\r\n') })],
    ['a data: URL', () => ({ base64: `data:image/jpeg;base64,${photograph.toString('base64')}` })],
  ])('made of %s is answered as the photograph itself is', async (_what, given) => {
    const direct = pageOf(await shop.upload(photograph, BY_PHOTOGRAPH));
    expect(direct.edges[0]).toMatchObject({ node: { id: '7' }, matchKind: 'SAME_IMAGE' });
    const id = await makeQueryImage(shop, given());
    expect(await ask(id)).toEqual({
      ...direct,
      pageInfo: { ...direct.pageInfo, endCursor: expect.any(String) as string },
    });
    expect(idsOf(pageOf(await shop.query(OF_QUERY_IMAGE, { id })))).toEqual(idsOf(direct));
  });

  it('has the size of the photograph, the model that has seen it, and a day to be searched with', async () => {
    const upright = await sharp(photograph)
      .resize(300, 200, { fit: 'fill' })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { queryImage } = await queryImagePayload(shop, upright);
    expect(queryImage).toMatchObject({ width: 200, height: 300, model: { name: 'deterministic' } });
    const hoursLeft = (Date.parse(queryImage?.expiresAt ?? '') - Date.now()) / 3_600_000;
    expect(hoursLeft).toBeGreaterThan(23.9);
    expect(hoursLeft).toBeLessThan(24.1);
    const { data } = await shop.query(OF_QUERY_IMAGE, { id: queryImage?.id });
    expect(data?.queryImage).toMatchObject({ ...queryImage });
  });

  it('is embedded once, whatever is asked of it, at its own server and at another one', async () => {
    const other = countingEncoder();
    const replica = await startReplica(shop, { workers: 0, encoder: other.encoder });
    const before = embedded.count();
    const id = await makeQueryImage(shop, await testPhotograph(80));
    expect(embedded.count()).toBe(before + 1);
    const whole = idsOf(await ask(id, { limit: 30 }));
    for (const server of [shop, replica]) {
      const first = await ask(id, { limit: 4 }, server);
      const second = await ask(id, { limit: 4, after: first.pageInfo.endCursor }, server);
      expect([...idsOf(first), ...idsOf(second)]).toEqual(whole.slice(0, 8));
      const dear = await ask(id, { limit: 30, filter: { price: { min: 20 } } }, server);
      expect(idsOf(dear)).toEqual(whole.filter((productId) => Number(productId) >= 20));
      expect(idsOf(pageOf(await server.query(OF_QUERY_IMAGE, { id, limit: 30 })))).toEqual(whole);
    }
    expect([embedded.count(), other.count()]).toEqual([before + 1, 0]);
    await replica.app.close();
  });

  it('leaves nothing of the photograph in the database', async () => {
    await makeQueryImage(shop, photograph);
    await makeQueryImage(shop, { base64: photograph.toString('base64') });
    await makeQueryImage(shop, { url: `${host.origin}/seven.jpg` });
    const part = photograph.subarray(400, 424);
    const traces = [part.toString('hex'), photograph.toString('base64', 399, 426), '/seven.jpg'];
    const tables = await shop.vectors.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.map(({ name }) => name)).toContain('public.query_images');
    for (const { name } of tables) {
      const found = await shop.vectors.query(
        `select 1 from ${name} as stored where exists (select from unnest($1::text[]) as trace where stored::text like '%' || trace || '%')`,
        [traces],
      );
      expect({ name, found: found.length }).toEqual({ name, found: 0 });
    }
  });
});

describe('a region', () => {
  const LEFT = { x: 0, y: 0, width: 0.5, height: 1 };
  const RIGHT = { x: 0.5, y: 0, width: 0.5, height: 1 };

  /** The photographs of two products side by side. */
  async function twoProducts(): Promise<Buffer> {
    const [left, right] = [await testPhotograph(3), await testPhotograph(12)];
    return sharp({ create: { width: 320, height: 160, channels: 3, background: '#fff' } })
      .composite([
        { input: left, left: 0, top: 0 },
        { input: right, left: 160, top: 0 },
      ])
      .png()
      .toBuffer();
  }

  it.each([
    ['left', LEFT, '3'],
    ['right', RIGHT, '12'],
  ])('makes the part on the %s what is searched with', async (_side, region, product) => {
    const both = await twoProducts();
    const { queryImage } = await queryImagePayload(shop, both, region);
    expect(queryImage).toMatchObject({ width: 320, height: 160 });
    const page = await ask(queryImage?.id ?? '');
    expect(page.edges[0]?.node.id).toBe(product);
    const direct = pageOf(await shop.upload(both, BY_PHOTOGRAPH, { region }));
    expect(page.edges).toEqual(direct.edges);
  });

  it('is no longer the same file', async () => {
    const region = { x: 0, y: 0, width: 0.9, height: 0.9 };
    const page = await ask(await makeQueryImage(shop, photograph, region));
    expect(page.edges[0]).toMatchObject({ node: { id: '7' } });
    expect(page.edges[0]?.matchKind).not.toBe('SAME_IMAGE');
  });
});

describe('a query image that has expired', () => {
  it('is null, and a search with it says what to do', async () => {
    const id = await makeQueryImage(shop, photograph);
    await expire(id);
    expect((await shop.query(OF_QUERY_IMAGE, { id })).data).toEqual({ queryImage: null });
    expect((await shop.query(BY_ID, { id })).errors).toMatchObject([
      {
        message: `The query image "${id}" has expired or does not exist: make a new one with createQueryImage.`,
        path: ['similarProducts'],
        extensions: { code: 'QUERY_IMAGE_EXPIRED', argument: 'queryImageId' },
      },
    ]);
  });

  it.each([
    ['was never given', 'AAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['is none', "'; drop table query_images", "'; drop table query_images"],
    ['has a zero in it', 'a\0b', 'a\0b'],
    ['is empty', '', ''],
    ['is far too long', 'x'.repeat(10_000), `${'x'.repeat(40)}…`],
  ])('looks like one whose id %s', async (_what, id, shown) => {
    expect((await shop.query(OF_QUERY_IMAGE, { id })).data).toEqual({ queryImage: null });
    expect((await shop.query(BY_ID, { id })).errors).toMatchObject([
      {
        message: `The query image "${shown}" has expired or does not exist: make a new one with createQueryImage.`,
        extensions: { code: 'QUERY_IMAGE_EXPIRED', argument: 'queryImageId' },
      },
    ]);
  });

  it('is forgotten by whichever worker keeps house next', async () => {
    const [old, young] = [await makeQueryImage(shop, photograph), await makeQueryImage(shop, photograph)];
    await expire(old);
    await shop.vectors.query(`delete from lookalike_queue.job where name like 'housekeeping-%'`);
    const replica = await startReplica(shop, { workers: 1 });
    const stored = () =>
      shop.vectors.query<{ id: string }>('select id from query_images where id = any($1::text[])', [[old, young]]);
    await until('the expired one is gone', async () => (await stored()).length < 2);
    expect(await stored()).toEqual([{ id: young }]);
    await replica.app.close();
  });
});

describe('a query image of a model that is no longer active', () => {
  it('is answered by that model as before, at no further inference', async () => {
    const id = await makeQueryImage(shop, photograph);
    const before = await ask(id);
    await ensurePartition(shop.vectors, { ...newer.model, source: null });
    await shop.vectors.query('update embedding_models set is_active = false');
    await shop.vectors.query(`update embedding_models set is_active = true where name = 'newer'`);
    const direct = await until('the newer model answers', async () => {
      const page = pageOf(await shop.upload(photograph, BY_PHOTOGRAPH));
      return page.model.name === 'newer' ? page : null;
    });
    expect(direct.edges).toEqual([]);
    const count = embedded.count();
    expect(await ask(id)).toEqual(before);
    expect(before.model.name).toBe('deterministic');
    expect(embedded.count()).toBe(count);
  });
});
