import type { CatalogMapping } from './catalog-columns.js';
import { keyTypeOf } from './catalog-key.js';
import type { FoundColumn } from './catalog-relation.js';
import type { Statement } from './catalog-statements.js';
import { MAX_FILTER_VALUE_LENGTH } from './check-filter-words.js';
import { at, text } from './column-sql.js';
import { amountText, isWithin } from './number-sql.js';

/** A row of {@link valueCounts}. */
export interface FacetRow {
  value: string;
  count: number;
}

/** The row of {@link priceRange}. Amounts are text as Postgres writes them; null where no product has a price. */
export interface PriceRangeRow {
  min: string | null;
  max: string | null;
  currency: string | null;
}

/** Without escapes, so that no server reads it otherwise. */
const BLANKS = `' \t\r\n\f\v'`;

/**
 * The values of a column of words that products have, and how many have each: the most frequent first, then in the order of
 * their bytes. Values that a filter finds together are one, and those that no filter may name are left out.
 */
export function valueCounts(mapping: CatalogMapping, column: FoundColumn, limit: number): Statement {
  // As filterConditions compares them: a column that could be a key in its own type.
  const compared = keyTypeOf(column) === null ? text('p', column) : at('p', column);
  const sql =
    `select min(value) as value, count(*)::float8 as count from (` +
    `select ${compared} as compared, ${text('p', column)} collate "C" as value from ${products(mapping)}` +
    `) words where btrim(value, ${BLANKS}) <> '' and length(value) <= ${MAX_FILTER_VALUE_LENGTH} ` +
    `group by compared order by count desc, value limit $1::int`;
  return { text: sql, values: [limit] };
}

/** The lowest and the highest price that a filter may ask for, and the currency where it is the same in all of these prices. */
export function priceRange(mapping: CatalogMapping, column: FoundColumn): Statement {
  const values: unknown[] = [];
  const isPriced = isWithin(column, { min: 0, max: null }, (value) => `$${values.push(value)}`);
  const currency = `btrim(${text('p', mapping.products.columns.currency)}, ${BLANKS})`;
  const sql =
    `select min(amount)::text as min, max(amount)::text as max, ` +
    `case when count(currency) = count(*) and min(currency) = max(currency) then min(currency) end as currency from (` +
    `select (${amountText('p', column)})::numeric as amount, nullif(${currency}, '') as currency ` +
    `from ${products(mapping)} and ${isPriced}` +
    `) priced`;
  return { text: sql, values };
}

/** Ends in a condition, for others to follow. */
function products({ products: { sqlName, columns } }: CatalogMapping): string {
  return `${sqlName} p where ${at('p', columns.id)} is not null`;
}
