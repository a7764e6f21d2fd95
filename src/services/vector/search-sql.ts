import type { ModelIdentity } from '../../types.js';

/**
 * How the nearest are looked for. *Exact* compares with every row of the model. *Approximate* orders by the expression
 * that the index is on, so the planner takes the index.
 */
export type SearchForm = 'exact' | 'approximate';

/** The expression that a model's index is on: the parent's column has no dimension, and an index needs one. */
export function indexedExpression({ dimensions }: ModelIdentity): string {
  return `(image_embedding::halfvec(${Math.trunc(dimensions)}))`;
}

/** Parameters: model name, encoded vector, limit, product to leave out or null. */
export function nearestToVectorSql(model: ModelIdentity, form: SearchForm): string {
  const distance = `${orderedExpression(model, form)} <#> $2::vector::halfvec(${Math.trunc(model.dimensions)})`;
  return inOrder(`
    select image_id, product_id, ${distance} as distance
    from image_embeddings
    where model_version = $1::text and ($4::text is null or product_id <> $4::text)
    order by ${distance}
    limit $3::int`);
}

/**
 * Parameters: model name, product, limit. No row where the product has no embedding, and one of nulls where it has
 * one and nothing else is there.
 */
export function nearestToProductSql(model: ModelIdentity, form: SearchForm): string {
  const distance = `${orderedExpression(model, form)} <#> own.image_embedding`;
  return inOrder(`
    select nearest.*
    from (
      select image_embedding::halfvec(${Math.trunc(model.dimensions)}) as image_embedding
      from image_embeddings
      where model_version = $1::text and product_id = $2::text
      order by is_main_image desc, image_id
      limit 1
    ) as own
    left join lateral (
      select image_id, product_id, ${distance} as distance
      from image_embeddings
      where model_version = $1::text and product_id <> $2::text
      order by ${distance}
      limit $3::int
    ) as nearest on true`);
}

function orderedExpression(model: ModelIdentity, form: SearchForm): string {
  switch (form) {
    case 'exact':
      return 'image_embedding';
    case 'approximate':
      return indexedExpression(model);
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
