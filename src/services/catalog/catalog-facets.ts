import type { Queryable } from '../../db/database.js';
import type { CatalogMapping } from './catalog-columns.js';
import type { FoundColumn } from './catalog-relation.js';
import { toPrice } from './catalog-rows.js';
import { priceRange, valueCounts, type FacetRow, type PriceRangeRow } from './facet-statements.js';
import { run } from './run-statement.js';

/** A value that products have, and how many have it. */
export interface FacetValue {
  value: string;
  count: number;
}

/** The prices that products have. */
export interface PriceRange {
  min: number;
  max: number;
  /** Null where they are not all in one currency, or where the catalogue does not say. */
  currency: string | null;
}

/** What products can be filtered by. Lists are empty where the catalogue has no such column. */
export interface CatalogFacets {
  /** The most frequent first, then in the order of their bytes; spelt as a filter has to name them. */
  categories: FacetValue[];
  /** The same. */
  brands: FacetValue[];
  /** Null where no product has a price. */
  price: PriceRange | null;
  /** Whether the catalogue says which products can be bought now. */
  hasStock: boolean;
}

/** Reads what products can be filtered by, one statement after another: each of them goes over all products. */
export async function readFacets(database: Queryable, mapping: CatalogMapping, limit: number): Promise<CatalogFacets> {
  const { category, brand, price, inStock } = mapping.products.columns;
  const values = async (column: FoundColumn | null): Promise<FacetValue[]> =>
    column === null ? [] : (await run<FacetRow>(database, valueCounts(mapping, column, limit))).filter(isVisible);
  return {
    categories: await values(category),
    brands: await values(brand),
    price: price === null ? null : await readPrices(database, mapping, price),
    hasStock: inStock !== null,
  };
}

/** Postgres has left out what is blank in ASCII. */
function isVisible({ value }: FacetRow): boolean {
  return value.trim() !== '';
}

async function readPrices(
  database: Queryable,
  mapping: CatalogMapping,
  column: FoundColumn,
): Promise<PriceRange | null> {
  const [row] = await run<PriceRangeRow>(database, priceRange(mapping, column));
  const [min, max] = [toPrice(row?.min ?? null), toPrice(row?.max ?? null)];
  return min === null || max === null ? null : { min, max, currency: row?.currency ?? null };
}
