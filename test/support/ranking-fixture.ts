import type { Catalog } from '../../src/services/catalog/catalog.js';
import type { ProductFilter } from '../../src/services/catalog/product-filter.js';
import { EmbeddingStore, compareKeys } from '../../src/services/vector/embedding-store.js';
import type { MatchKey } from '../../src/services/vector/search-sql.js';
import { VectorIndex, type VectorIndexOptions } from '../../src/services/vector/vector-index.js';
import type { ModelIdentity } from '../../src/types.js';
import type { CatalogFixture, FixtureImage, FixtureProduct } from './catalog-fixture.js';
import type { TestDatabase } from './database.js';
import { embeddingRow } from './embedding-rows.js';
import { silentLog } from './silent-log.js';
import type { TestCatalogs } from './test-catalogs.js';
import { uniform, vectorNear, vectorOf } from './vectors.js';

export const DIMENSIONS = 8;

/** What is embedded of an image. */
interface Embedded {
  imageId: string;
  productId: string;
  vector: Float32Array;
}

/** A shop with embeddings, together with what it was made of. */
export interface RankingShop {
  catalog: Catalog;
  embeddings: EmbeddingStore;
  model: ModelIdentity;
  products: readonly FixtureProduct[];
  images: readonly FixtureImage[];
  /** What the catalogue has and is not embedded yet. */
  late: readonly Embedded[];
}

const CATEGORIES = ['mugs', 'lamps', 'chairs', undefined] as const;

/**
 * Makes a shop for tests of rankings: products with one to three images; pictures that several products share to the bit; images and
 * products that are embedded still and gone from the catalogue; an image that went over to another product.
 */
export async function makeRankingShop(
  { catalogs, db }: { catalogs: TestCatalogs; db: TestDatabase },
  options: Partial<VectorIndexOptions> & { name: string; products: number; late?: number },
): Promise<RankingShop> {
  const { name, products: count, late = 0, ...indexOptions } = options;
  const fixture = makeFixture(count);
  const index = new VectorIndex({
    database: db.database,
    engine: process.env.TEST_DATABASE_URL === undefined ? 'embedded' : 'server',
    kind: 'none',
    exactSearchRows: null,
    log: silentLog,
    ...indexOptions,
  });
  const embeddings = new EmbeddingStore(db.database, index);
  const model = { name, dimensions: DIMENSIONS };
  await embeddings.ensureModel(model);
  const isLate = ({ productId }: Embedded) => Number(productId) <= late;
  await embed(
    { embeddings, model },
    fixture.embedded.filter((one) => !isLate(one)),
  );
  await index.ensureIndex(model);
  return {
    catalog: await catalogs.make(fixture),
    embeddings,
    model,
    ...fixture,
    late: fixture.embedded.filter(isLate),
  };
}

/** Stores embeddings, by the thousand. */
export async function embed(
  { embeddings, model }: Pick<RankingShop, 'embeddings' | 'model'>,
  embedded: readonly Embedded[],
): Promise<void> {
  for (let start = 0; start < embedded.length; start += 1000) {
    const rows = embedded.slice(start, start + 1000);
    await embeddings.upsert(
      model,
      rows.map(({ imageId, productId, vector }) => embeddingRow(imageId, vector, { productId })),
    );
  }
}

function makeFixture(count: number): CatalogFixture & { embedded: Embedded[] } {
  const random = uniform(7);
  const products: FixtureProduct[] = [];
  const images: FixtureImage[] = [];
  const embedded: Embedded[] = [];
  for (let number = 1; number <= count; number += 1) {
    const id = String(number);
    const category = CATEGORIES[Math.floor(random() * CATEGORIES.length)];
    const product = { id, title: id, price: Math.round(random() * 10_000) / 100, inStock: random() < 0.7 };
    if (random() > 0.05) products.push({ ...product, ...(category !== undefined && { category }) });
    const imageCount = 1 + Math.floor(random() * 3);
    for (let place = 0; place < imageCount; place += 1) {
      const imageId = String(number * 10 + place);
      if (random() > 0.1) images.push({ id: imageId, productId: id, url: `${imageId}.jpg`, isMain: place === 0 });
      embedded.push({ imageId, productId: id, vector: pictureOf(random) });
    }
  }
  return { keyType: 'integer', products, images, embedded };
}

/** In clusters, as photographs are; some are of one picture that many products share. */
function pictureOf(random: () => number): Float32Array {
  if (random() < 0.05) return vectorOf(1, DIMENSIONS);
  const cluster = vectorOf(100 + Math.floor(random() * 12), DIMENSIONS);
  return vectorNear(cluster, Math.floor(random() * 1e9), random());
}

/** The ranking as a plain look at everything gives it: product ids with the place of their best image. */
export async function bruteForce(
  shop: RankingShop,
  query: Float32Array,
  wanted: { filter: ProductFilter | null; excluded: readonly string[]; minSimilarity: number | null },
): Promise<{ id: string; key: MatchKey }[]> {
  const form = { ...(await shop.embeddings.searchForm(shop.model)), kind: 'exact' } as const;
  const everything = { form, limit: 1_000_000, after: null, productIds: null, excludedProductIds: [] };
  const { near } = await shop.embeddings.nearest(shop.model, query, everything);
  const products = new Map(shop.products.map((product) => [product.id, product]));
  const owners = new Map(shop.images.map((image) => [image.id, image.productId]));
  const best = new Map<string, MatchKey>();
  for (const { productId, imageId, distance } of near) {
    const product = products.get(productId);
    if (product === undefined || owners.get(imageId) !== productId || wanted.excluded.includes(productId)) continue;
    if (wanted.filter !== null && !matches(product, wanted.filter)) continue;
    const key = { distance, imageId };
    const known = best.get(productId);
    if (known === undefined || compareKeys(key, known) < 0) best.set(productId, key);
  }
  return [...best]
    .map(([id, key]) => ({ id, key }))
    .filter(({ key }) => wanted.minSimilarity === null || Math.min(1, -key.distance) >= wanted.minSimilarity)
    .sort((one, other) => compareKeys(one.key, other.key));
}

function matches(product: FixtureProduct, { categories, price, inStock }: ProductFilter): boolean {
  const { min = null, max = null } = price ?? {};
  return (
    (categories === null || categories.includes(product.category ?? '')) &&
    (min === null || (product.price ?? NaN) >= min) &&
    (max === null || (product.price ?? NaN) <= max) &&
    (inStock === null || product.inStock === inStock)
  );
}
