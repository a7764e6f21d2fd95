import type { ImageScope } from '../../types.js';
import type { CatalogMapping } from './catalog-columns.js';
import type { KeyType } from './catalog-key.js';
import { at, flag, text, time } from './column-sql.js';
import { filterConditions } from './filter-sql.js';
import { amountText } from './number-sql.js';
import type { ProductFilter } from './product-filter.js';

/** Rows of {@link CatalogStatements.products}. Everything is text as Postgres writes it, so that no value fails to cast. */
export interface ProductRow {
  id: string;
  title: string | null;
  description: string | null;
  category: string | null;
  brand: string | null;
  price: string | null;
  currency: string | null;
  url: string | null;
  inStock: boolean | null;
}

export interface ImageRow {
  id: string;
  productId: string;
  url: string | null;
  isMain: boolean;
  /** In UTC with microseconds, `2024-02-29T12:00:00.123456Z`: equal texts are equal times. */
  updatedAt: string | null;
}

/** SQL with its parameters. */
export interface Statement {
  text: string;
  values: readonly unknown[];
}

/** The range of keys that a page is read from: `after` is left out, `until` is in. Null leaves that side open. */
export interface PageRange {
  scope: ImageScope;
  after: string | null;
  until: string | null;
  limit: number;
}

/**
 * Makes the statements for one shop's tables. In all of them `p` is the products relation and `i` the images one.
 *
 * Ids that are given to them must be canonical; ids that they give out are.
 */
export class CatalogStatements {
  readonly #mapping: CatalogMapping;
  readonly #productFields: string;
  readonly #imageFields: string;
  readonly #products: string;
  readonly #images: string;
  /** The image's key where it is ordered by, or compared by order. */
  readonly #imageOrder: string;

  constructor(mapping: CatalogMapping) {
    this.#mapping = mapping;
    this.#products = `${mapping.products.sqlName} p`;
    this.#images = `${mapping.images.sqlName} i`;
    this.#productFields = productFields(mapping);
    this.#imageFields = imageFields(mapping);
    this.#imageOrder = imageOrder(mapping, 'i');
  }

  /** Only those that match, where there is a filter. */
  products(ids: readonly string[], filter: ProductFilter | null): Statement {
    const id = at('p', this.#mapping.products.columns.id);
    const values: unknown[] = [ids];
    const conditions = [isAnyOf(id, this.#mapping.productKey), ...this.#matching(filter, values)];
    return { text: `select ${this.#productFields} from ${this.#products} where ${conditions.join(' and ')}`, values };
  }

  /** In no order, so that Postgres can stop at `limit`. */
  matchingIds(filter: ProductFilter, limit: number): Statement {
    const id = at('p', this.#mapping.products.columns.id);
    const values: unknown[] = [limit];
    const conditions = [`${id} is not null`, ...this.#matching(filter, values)].join(' and ');
    return { text: `select ${id}::text as id from ${this.#products} where ${conditions} limit $1::int`, values };
  }

  images(ids: readonly string[]): Statement {
    const { id, productId } = this.#mapping.images.columns;
    const text =
      `select ${this.#imageFields} from ${this.#images} ` +
      `where ${isAnyOf(at('i', id), this.#mapping.imageKey)} and ${at('i', productId)} is not null`;
    return { text, values: [ids] };
  }

  /** All images of the products: main ones first, then by position, then by key. */
  imagesOfProducts(productIds: readonly string[]): Statement {
    const { id, productId } = this.#mapping.images.columns;
    const text =
      `select ${this.#imageFields} from ${this.#images} ` +
      `where ${isAnyOf(at('i', productId), this.#mapping.imageProductKey)} and ${at('i', id)} is not null ` +
      `order by "isMain" desc, ${rank(this.#mapping, 'i')}`;
    return { text, values: [productIds] };
  }

  countImages(scope: ImageScope): Statement {
    return { text: `select count(*)::float8 as count from ${this.#inScope(scope)}`, values: [] };
  }

  imagePage({ scope, after, until, limit }: PageRange): Statement {
    const bounds = [
      { operator: '>', key: after },
      { operator: '<=', key: until },
    ].filter(({ key }) => key !== null);
    const { sqlType } = this.#mapping.imageKey;
    const range = bounds.map(({ operator }, index) => ` and ${this.#imageOrder} ${operator} $${index + 2}::${sqlType}`);
    const text =
      `select ${this.#imageFields} from ${this.#inScope(scope)}${range.join('')} ` +
      `order by ${this.#imageOrder} limit $1::int`;
    return { text, values: [limit, ...bounds.map(({ key }) => key)] };
  }

  /** Every `chunkSize`-th key in key order, and the last one. */
  chunkEnds(scope: ImageScope, chunkSize: number): Statement {
    const id = at('i', this.#mapping.images.columns.id);
    const text =
      `select id from (` +
      `select ${id}::text as id, row_number() over ordered as place, lead(true) over ordered as has_next ` +
      `from ${this.#inScope(scope)} window ordered as (order by ${this.#imageOrder})` +
      `) numbered where place % $1::int = 0 or has_next is null order by place`;
    return { text, values: [chunkSize] };
  }

  imagesInScope(ids: readonly string[], scope: ImageScope): Statement {
    const id = at('i', this.#mapping.images.columns.id);
    const text =
      `select ${id}::text as id from ${this.#inScope(scope)} ` + `and ${isAnyOf(id, this.#mapping.imageKey)}`;
    return { text, values: [ids] };
  }

  #matching(filter: ProductFilter | null, values: unknown[]): string[] {
    if (filter === null) return [];
    return filterConditions(this.#mapping, filter, (value) => `$${values.push(value)}`);
  }

  /** Images of products that exist, either all or the main ones. Ends in a condition, for others to follow. */
  #inScope(scope: ImageScope): string {
    const { products, images } = this.#mapping;
    const product = `${at('p', products.columns.id)} = ${at('i', images.columns.productId)}`;
    const main = scope === 'main' ? ` and ${isMain(this.#mapping)}` : '';
    return (
      `${this.#images} where ${at('i', images.columns.id)} is not null ` +
      `and exists (select from ${this.#products} where ${product})${main}`
    );
  }
}

function isAnyOf(column: string, key: KeyType): string {
  return `${column} = any($1::${key.sqlType}[])`;
}

function productFields({ products: { columns } }: CatalogMapping): string {
  return fieldList({
    id: text('p', columns.id),
    title: text('p', columns.title),
    description: text('p', columns.description),
    category: text('p', columns.category),
    brand: text('p', columns.brand),
    price: amountText('p', columns.price),
    currency: text('p', columns.currency),
    url: text('p', columns.url),
    inStock: columns.inStock === null ? 'null::boolean' : flag('p', columns.inStock),
  } satisfies Record<keyof ProductRow, string>);
}

function imageFields(mapping: CatalogMapping): string {
  const { columns } = mapping.images;
  return fieldList({
    id: text('i', columns.id),
    productId: text('i', columns.productId),
    url: text('i', columns.url),
    // A flag that is null says no more than one that is false.
    isMain: `coalesce(${isMain(mapping)}, false)`,
    updatedAt: time('i', columns.updatedAt),
  } satisfies Record<keyof ImageRow, string>);
}

function fieldList(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, sql]) => `${sql} as "${name}"`)
    .join(', ');
}

/** The shop's flag where it has one, as it is; else the image that no other of the same product comes before. */
function isMain(mapping: CatalogMapping): string {
  const { sqlName, columns } = mapping.images;
  if (columns.isMain !== null) return flag('i', columns.isMain);
  return (
    `not exists (select from ${sqlName} other ` +
    `where ${at('other', columns.productId)} = ${at('i', columns.productId)} ` +
    `and (${rank(mapping, 'other')}) < (${rank(mapping, 'i')}))`
  );
}

/** Order of the images of one product. An image without a position comes after those that have one. */
function rank(mapping: CatalogMapping, alias: string): string {
  const { position } = mapping.images.columns;
  const key = imageOrder(mapping, alias);
  return position === null ? key : `coalesce(${at(alias, position)}::float8, 'infinity'), ${key}`;
}

function imageOrder(mapping: CatalogMapping, alias: string): string {
  return `${at(alias, mapping.images.columns.id)}${mapping.imageKey.collation}`;
}
