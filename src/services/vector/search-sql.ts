import type { ModelIdentity } from '../../types.js';
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
}

/** The expression that a model's index is on: the parent's column has no dimension, and an index needs one. */
export function indexedExpression({ dimensions }: ModelIdentity, type: ComparedType): string {
  return `(image_embedding::${type}(${Math.trunc(dimensions)}))`;
}

/**
 * Parameters: encoded vector, limit, product to leave out or null.
 *
 * Searches name the model's partition itself: a condition on `model_version`, which every row of it meets, would lead the
 * planner to the primary key where it has no statistics yet.
 */
export function nearestToVectorSql(model: ModelIdentity, form: SearchForm): string {
  const query = `$1::vector::${form.type}(${Math.trunc(model.dimensions)})`;
  const distance = `${orderedExpression(model, form)} <#> ${query}`;
  return inOrder(`
    select image_id, product_id, ${distance} as distance
    from ${partitionName(model.name)}
    where $3::text is null or product_id <> $3::text
    order by ${distance}
    limit $2::int`);
}

/**
 * Parameters: product, limit, model name. No row where the product has no embedding, and one of nulls where it has
 * one and nothing else is there.
 */
export function nearestToProductSql(model: ModelIdentity, form: SearchForm): string {
  const partition = partitionName(model.name);
  const distance = `${orderedExpression(model, form)} <#> own.compared`;
  return inOrder(`
    select nearest.*
    from (
      select ${indexedExpression(model, form.type)} as compared
      from ${partition}
      where model_version = $3::text and product_id = $1::text
      order by is_main_image desc, image_id
      limit 1
    ) as own
    left join lateral (
      select image_id, product_id, ${distance} as distance
      from ${partition}
      where product_id <> $1::text
      order by ${distance}
      limit $2::int
    ) as nearest on true`);
}

/** Without a dimension it is another expression than the index has, which the planner then leaves alone. */
function orderedExpression(model: ModelIdentity, { kind, type }: SearchForm): string {
  switch (kind) {
    case 'exact':
      return `image_embedding::${type}`;
    case 'approximate':
      return indexedExpression(model, type);
  }
}

/**
 * `<#>` is the negative inner product (pgvector has it so, for Postgres scans indexes in ascending order only). 16-bit
 * rounding may carry it a little past 1. An approximate scan may return rows slightly out of order, hence the sort.
 */
function inOrder(nearest: string): string {
  return `
    select image_id as "imageId", product_id as "productId", greatest(-1, least(1, -distance))::float8 as similarity
    from (${nearest}) as nearest
    order by distance, image_id`;
}
