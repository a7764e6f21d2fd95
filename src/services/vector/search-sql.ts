import type { ModelIdentity } from '../../types.js';
import type { IndexKind } from './index-plan.js';
import { partitionName } from './partition.js';

/**
 * What vectors are compared as. Stored they are `halfvec`. A server compares those as they are, for its processor converts
 * 16-bit floats in passing; WebAssembly has no instruction for it, and there comparing as 32-bit `vector` is twice as quick
 * in a scan and seven times in building an index.
 */
export type ComparedType = 'halfvec' | 'vector';

/**
 * How the nearest are looked for. *Exact* compares with every row of the model. *Approximate* orders by the expression
 * that the index is on, so that the planner can take the index.
 */
export interface SearchForm {
  kind: 'exact' | 'approximate';
  type: ComparedType;
  /** The index that there is for an approximate one. */
  index?: IndexKind;
}

/** A place in a ranking of images: by distance, and among equals by id, in the order of its bytes. */
export interface MatchKey {
  /** pgvector's `<#>`: the negative inner product, so the nearest has the least. */
  distance: number;
  imageId: string;
}

export interface NearestOptions {
  form: SearchForm;
  /** Rows at most. */
  limit: number;
  /**
   * Where to begin. An exact search begins behind it; an approximate one has no order among rows of one distance, and begins
   * with those that are as far.
   */
  after: MatchKey | null;
  /** Only images of these products; null looks at all. With a list the search has to be exact. */
  productIds: readonly string[] | null;
  /** Not the images of these. */
  excludedProductIds: readonly string[];
}

/** SQL with its parameters. */
export interface SearchStatement {
  text: string;
  values: readonly unknown[];
}

/** The expression that a model's index is on: the parent's column has no dimension, and an index needs one. */
export function indexedExpression({ dimensions }: ModelIdentity, type: ComparedType): string {
  return `(image_embedding::${type}(${Math.trunc(dimensions)}))`;
}

/**
 * The statement that finds the images nearest to a vector. Its rows are the window of the nearest (`isNear`), and, where
 * the window alone does not tell which image of a product is its best, the other images of the same products.
 *
 * @param encoded - a vector of the model, as `encodeVector` makes it.
 */
export function nearestSql(model: ModelIdentity, encoded: Buffer, options: NearestOptions): SearchStatement {
  const nearest = new NearestSql(model, encoded, options);
  const near = nearest.window();
  const siblings = needsSiblings(options) ? ` union all ${nearest.siblings()}` : '';
  return {
    text: `with near as materialized (${near}) ${ROWS.replace('?', 'true')} from near${siblings}`,
    values: nearest.values,
  };
}

const ROWS = `
  select image_id as "imageId", product_id as "productId", distance, encode(content_hash, 'hex') as "contentHash",
    ? as "isNear"`;

/** A window that begins with the very nearest and leaves none out has the best image of each product before its others. */
function needsSiblings({ form, after }: NearestOptions): boolean {
  return form.kind === 'approximate' || after !== null;
}

/**
 * Searches name the model's partition itself: a condition on `model_version`, which every row of it meets, would lead the
 * planner to the primary key where it has no statistics yet. Looking up products has one, as their index begins with it.
 */
class NearestSql {
  readonly values: unknown[] = [];
  private readonly partition: string;
  private readonly query: string;

  constructor(
    private readonly model: ModelIdentity,
    encoded: Buffer,
    private readonly options: NearestOptions,
  ) {
    this.partition = partitionName(model.name);
    this.query = `${this.add(encoded)}::vector::${options.form.type}(${Math.trunc(model.dimensions)})`;
  }

  window(): string {
    return this.options.form.kind === 'exact' ? this.exactWindow() : this.approximateWindow();
  }

  /** `offset 0` keeps the distance from being computed once for each place where it is named. */
  private exactWindow(): string {
    const { after, limit } = this.options;
    const distance = `image_embedding::${this.options.form.type} <#> ${this.query}`;
    const behind =
      after === null
        ? ''
        : `where (distance, image_id) > (${this.add(after.distance)}::float8, ${this.add(after.imageId)}::text collate "C")`;
    return `
      select image_id, product_id, content_hash, distance from (
        select image_id, product_id, content_hash, ${distance} as distance
        from ${this.partition} ${where([this.isListed(), this.isNotExcluded()])} offset 0
      ) compared
      ${behind}
      order by distance, image_id
      limit ${this.add(limit)}::int`;
  }

  private approximateWindow(): string {
    const { after, limit, form } = this.options;
    const distance = `${indexedExpression(this.model, form.type)} <#> ${this.query}`;
    const notNearer = after === null ? null : `${distance} >= ${this.add(after.distance)}::float8`;
    return `
      select image_id, product_id, content_hash, ${distance} as distance
      from ${this.partition} ${where([this.isNotExcluded(), notNearer])}
      order by ${distance}
      limit ${this.add(limit)}::int`;
  }

  siblings(): string {
    const distance = `image_embedding::${this.options.form.type} <#> ${this.query}`;
    return `
      ${ROWS.replace('?', 'false')} from (
        select image_id, product_id, content_hash, ${distance} as distance
        from ${this.partition}
        where model_version = ${this.add(this.model.name)}::text
          and product_id = any(array(select product_id from near))
          and image_id not in (select image_id from near)
      ) siblings`;
  }

  private isListed(): string | null {
    const { productIds } = this.options;
    if (productIds === null) return null;
    return `model_version = ${this.add(this.model.name)}::text and product_id = any(${this.add(productIds)}::text[])`;
  }

  private isNotExcluded(): string | null {
    const { excludedProductIds } = this.options;
    return excludedProductIds.length === 0 ? null : `product_id <> all(${this.add(excludedProductIds)}::text[])`;
  }

  /** @returns The parameter's place in the text. */
  private add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

function where(conditions: readonly (string | null)[]): string {
  const given = conditions.filter((condition) => condition !== null);
  return given.length === 0 ? '' : `where ${given.join(' and ')}`;
}
