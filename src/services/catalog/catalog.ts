import type { CatalogConfig } from '../../config.js';
import type { Queryable } from '../../db/database.js';
import { AppError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { CatalogImage, ImageScope, Product } from '../../types.js';
import { readFacets, type CatalogFacets } from './catalog-facets.js';
import { mapCatalog, type CatalogMapping } from './catalog-columns.js';
import { CatalogError } from './catalog-error.js';
import { canonicalIds, checkKey, type KeyType } from './catalog-key.js';
import { toImage, toProduct } from './catalog-rows.js';
import {
  CatalogStatements,
  type ImageRow,
  type PageRange,
  type ProductRow,
  type Statement,
} from './catalog-statements.js';
import { checkFilter } from './check-filter.js';
import type { ProductFilter } from './product-filter.js';
import { INSUFFICIENT_PRIVILEGE, run, sqlStateOf } from './run-statement.js';

/**
 * The shop's products and images, read only. Ids are strings whatever the type of the key column is; one that the column
 * can't hold is simply not found.
 */
export interface Catalog {
  /**
   * By the ids asked for; without those that the catalogue does not have, or that do not match `filter`, as `checkFilter`
   * gave it, now. Null matches every product.
   */
  findProducts(ids: readonly string[], filter?: ProductFilter | null): Promise<Map<string, Product>>;
  /**
   * Ids, canonical, of at most `limit` products that match the filter, as `checkFilter` gave it, now; in no order. The work
   * ends with the last of them, so asking for one more than is wanted tells cheaply whether there are more.
   */
  matchingIds(filter: ProductFilter, limit: number): Promise<string[]>;
  /** By the ids asked for; without those that the catalogue does not have, or that belong to no product. */
  findImages(imageIds: readonly string[]): Promise<Map<string, CatalogImage>>;
  /** All images of each product that has any: main ones first, then by position, then by key. */
  imagesOfProducts(productIds: readonly string[]): Promise<Map<string, CatalogImage[]>>;
  /** Images in the scope whose product exists. */
  countImages(scope: ImageScope): Promise<number>;
  /**
   * At most `limit` images in key order, of those with `after` < key <= `until`.
   *
   * @throws AppError `CONFLICT` when a bound can't be a key of images.
   */
  imagePage(request: PageRange): Promise<CatalogImage[]>;
  /** The last image key of each chunk of `chunkSize` images, in key order: the chunks hold the whole scope. */
  chunkEnds(scope: ImageScope, chunkSize: number): Promise<string[]>;
  /** Of these image ids, those that the catalogue still has in the scope. */
  imagesInScope(imageIds: readonly string[], scope: ImageScope): Promise<Set<string>>;
  /** @throws BadUserInputError naming `argument` when `id` can't be a key of products. */
  checkProductId(id: string, argument: string): void;
  /**
   * Ids of products as the database writes them, each once.
   *
   * @throws BadUserInputError naming `argument` and the first id that can't be a key of products.
   */
  canonicalProductIds(ids: readonly string[], argument: string): string[];
  /**
   * The filter without what restricts nothing; null where nothing is left.
   *
   * @throws BadUserInputError naming the part of `argument` that is wrong, or that this catalogue can't answer.
   */
  checkFilter(filter: ProductFilter, argument: string): ProductFilter | null;
  /** What products can be filtered by now, with at most `limit` values of each column. It goes over all products. */
  facets(limit: number): Promise<CatalogFacets>;
}

/**
 * The read-only promise, kept by the server: SQL to run on each new connection to a shop's catalogue. Not for the embedded
 * Postgres, where all connections share one session.
 */
export const READ_ONLY_SESSION = 'set default_transaction_read_only = on';

/** Ids in one statement at most: some 400 kB of UUIDs, which Postgres takes without strain. */
const IDS_PER_STATEMENT = 10_000;

/**
 * Finds the shop's tables and makes the catalogue over them.
 *
 * @throws CatalogError when they can't be used; it has every fault there is.
 * @throws ServiceUnavailableError when the database can't answer now.
 */
export async function loadCatalog(options: { database: Queryable; config: CatalogConfig; log: Log }): Promise<Catalog> {
  const { database, config, log } = options;
  const mapping = await mapReadable(database, config);
  for (const warning of mapping.warnings) log.warn({ reason: warning }, 'passed over a catalogue column');
  const [products, images] = [described(mapping.products), described(mapping.images)];
  log.info({ products, images, filters: describedFilters(mapping) }, 'found the catalogue');
  return new SqlCatalog(database, mapping);
}

/** Looking at the tables and reading none of their rows is enough for Postgres to check every right it takes. */
async function mapReadable(database: Queryable, config: CatalogConfig): Promise<CatalogMapping> {
  try {
    const mapping = await mapCatalog(database, config);
    const statements = new CatalogStatements(mapping);
    await run(database, statements.products([], null));
    await run(database, statements.imagePage({ scope: 'main', after: null, until: null, limit: 0 }));
    return mapping;
  } catch (error) {
    if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    const tables = `\`${config.products}\` and \`${config.images}\``;
    const fault = `The database user may not read all of ${tables}. Grant it the right to use their schema and to select from them.`;
    throw new CatalogError([fault], { cause: error });
  }
}

/** Which column holds what, for the log. */
function described(relation: CatalogMapping['products'] | CatalogMapping['images']): string {
  const columns = Object.entries(relation.columns).filter(([, column]) => column !== null);
  return `${relation.sqlName} (${columns.map(([concept, column]) => `${concept}=${column?.name ?? ''}`).join(', ')})`;
}

function describedFilters({ filters }: CatalogMapping): string {
  return Array.from(filters, ([name, { column }]) => `${name}=${column.name}`).join(', ');
}

class SqlCatalog implements Catalog {
  readonly #database: Queryable;
  readonly #statements: CatalogStatements;
  readonly #mapping: CatalogMapping;
  readonly #productKey: KeyType;
  readonly #imageKey: KeyType;
  readonly #imageProductKey: KeyType;

  constructor(database: Queryable, mapping: CatalogMapping) {
    this.#database = database;
    this.#statements = new CatalogStatements(mapping);
    this.#mapping = mapping;
    this.#productKey = mapping.productKey;
    this.#imageKey = mapping.imageKey;
    this.#imageProductKey = mapping.imageProductKey;
  }

  async findProducts(ids: readonly string[], filter: ProductFilter | null = null): Promise<Map<string, Product>> {
    const key = this.#productKey;
    const rows = await this.#list<ProductRow>(canonicalIds(key, ids), (slice) =>
      this.#statements.products(slice, filter),
    );
    return byAskedId({ ids, key, found: new Map(rows.map((row) => [row.id, toProduct(row)])) });
  }

  async matchingIds(filter: ProductFilter, limit: number): Promise<string[]> {
    const rows = await run<{ id: string }>(this.#database, this.#statements.matchingIds(filter, limit));
    return rows.map(({ id }) => id);
  }

  async findImages(imageIds: readonly string[]): Promise<Map<string, CatalogImage>> {
    const key = this.#imageKey;
    const rows = await this.#list<ImageRow>(canonicalIds(key, imageIds), (slice) => this.#statements.images(slice));
    return byAskedId({ ids: imageIds, key, found: new Map(rows.map((row) => [row.id, toImage(row)])) });
  }

  async imagesOfProducts(productIds: readonly string[]): Promise<Map<string, CatalogImage[]>> {
    const key = this.#imageProductKey;
    const rows = await this.#list<ImageRow>(canonicalIds(key, productIds), (slice) =>
      this.#statements.imagesOfProducts(slice),
    );
    return byAskedId({ ids: productIds, key, found: groupByProduct(rows.map(toImage)) });
  }

  async countImages(scope: ImageScope): Promise<number> {
    const [row] = await run<{ count: number }>(this.#database, this.#statements.countImages(scope));
    return row?.count ?? 0;
  }

  async imagePage(request: PageRange): Promise<CatalogImage[]> {
    const range = { ...request, after: this.#bound(request.after), until: this.#bound(request.until) };
    const rows = await run<ImageRow>(this.#database, this.#statements.imagePage(range));
    return rows.map(toImage);
  }

  async chunkEnds(scope: ImageScope, chunkSize: number): Promise<string[]> {
    const rows = await run<{ id: string }>(this.#database, this.#statements.chunkEnds(scope, chunkSize));
    return rows.map(({ id }) => id);
  }

  async imagesInScope(imageIds: readonly string[], scope: ImageScope): Promise<Set<string>> {
    const key = this.#imageKey;
    const rows = await this.#list<{ id: string }>(canonicalIds(key, imageIds), (slice) =>
      this.#statements.imagesInScope(slice, scope),
    );
    return new Set(byAskedId({ ids: imageIds, key, found: new Map(rows.map(({ id }) => [id, id])) }).keys());
  }

  checkProductId(id: string, argument: string): void {
    checkKey(this.#productKey, id, argument);
  }

  canonicalProductIds(ids: readonly string[], argument: string): string[] {
    for (const id of ids) checkKey(this.#productKey, id, argument);
    return canonicalIds(this.#productKey, ids);
  }

  checkFilter(filter: ProductFilter, argument: string): ProductFilter | null {
    return checkFilter(this.#mapping, filter, argument);
  }

  facets(limit: number): Promise<CatalogFacets> {
    return readFacets(this.#database, this.#mapping, limit);
  }

  async #list<Row>(ids: readonly string[], statement: (slice: readonly string[]) => Statement): Promise<Row[]> {
    const rows: Row[] = [];
    for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT) {
      for (const row of await run<Row>(this.#database, statement(ids.slice(start, start + IDS_PER_STATEMENT)))) {
        rows.push(row);
      }
    }
    return rows;
  }

  #bound(id: string | null): string | null {
    const canonical = id === null ? null : this.#imageKey.canonical(id);
    if (id === null || canonical !== null) return canonical;
    throw new AppError(
      'CONFLICT',
      `The image key ${JSON.stringify(id)} can't be one of this catalogue, whose images have keys of type ` +
        `${this.#imageKey.sqlType}: the catalogue was changed. Start a new backfill.`,
    );
  }
}

/** Puts rows found by canonical id under the ids that were asked for, in that order. */
function byAskedId<T>({ ids, key, found }: { ids: readonly string[]; key: KeyType; found: Map<string, T> }) {
  const asked = new Map<string, T>();
  for (const id of ids) {
    const value = found.get(key.canonical(id) ?? id);
    if (value !== undefined) asked.set(id, value);
  }
  return asked;
}

function groupByProduct(images: readonly CatalogImage[]): Map<string, CatalogImage[]> {
  const groups = new Map<string, CatalogImage[]>();
  for (const image of images) {
    const group = groups.get(image.productId);
    if (group === undefined) groups.set(image.productId, [image]);
    else group.push(image);
  }
  return groups;
}
