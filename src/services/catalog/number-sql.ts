import { canonicalIds, keyTypeOf } from './catalog-key.js';
import type { FoundColumn } from './catalog-relation.js';
import { at, text } from './column-sql.js';
import { closedRange, exactRange, wholeRange, type ExactBound } from './exact-range.js';
import type { ValueRange } from './product-filter.js';

/** Takes a value into the parameters of a statement and gives its place: `$3`. */
export type Bind = (value: unknown) => string;

/** What of a text can be read as an amount. Without escapes and with bounds, so that no server reads it otherwise. */
const AMOUNT = '^[ \t\r\n]*[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,3})?[ \t\r\n]*$';
/** The longest text that is read as an amount: `numeric` holds every number of that length. */
const MAX_AMOUNT_LENGTH = 1000;

/**
 * An amount as text that `toPrice` reads; null where the column's text is no plain number. Money as text has a currency sign
 * and separators; as a number it has none.
 */
export function amountText(alias: string, column: FoundColumn | null): string {
  if (column?.type === 'money') return `${at(alias, column)}::numeric::text`;
  return column?.category === 'S' ? readableAmount(alias, column) : text(alias, column);
}

/** The byte order is said outright because a case-insensitive collation refuses regular expressions. */
function readableAmount(alias: string, column: FoundColumn): string {
  const amount = text(alias, column);
  return `case when length(${amount}) <= ${MAX_AMOUNT_LENGTH} and ${amount} collate "C" ~ '${AMOUNT}' then ${amount} end`;
}

/**
 * The condition that what the API shows of a column of amounts, a double, is in the range. It never fails, whatever the
 * column holds; NaN and infinities are in no range. The column stands alone where its type allows, so that an index serves.
 */
export function isWithin(column: FoundColumn, range: ValueRange, bind: Bind): string {
  const name = at('p', column);
  switch (column.type) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return isWholeWithin(name, range, bind);
    case 'double precision':
      return isDoubleWithin(name, range, bind);
    // The shortest text of a real is what is shown; its exact value is another number.
    case 'real':
      return isDoubleWithin(`${name}::text::float8`, range, bind);
    case 'numeric':
      return isDecimalWithin(name, range, bind);
    case 'money':
      return isDecimalWithin(`${name}::numeric`, range, bind);
    default:
      return isDecimalWithin(`(${readableAmount('p', column)})::numeric`, range, bind);
  }
}

/** The condition that a column of numbers or money holds one of `values`, which are numbers without an exponent. */
export function isAnyNumber(column: FoundColumn, values: readonly string[], bind: Bind): string {
  const name = at('p', column);
  switch (column.type) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return `${name} = any(${bind(wholeValues(column, values))}::${column.type}[])`;
    case 'double precision':
      return `${name} = any(${bind(values.map(Number))}::float8[])`;
    case 'real':
      return `${name}::text::float8 = any(${bind(values.map(Number))}::float8[])`;
    case 'money':
      return `${name}::numeric = any(${bind(values)}::numeric[])`;
    default:
      return `${name} = any(${bind(values)}::numeric[])`;
  }
}

/** Of `values`, those that the column can hold: `+7.0` as 7, and 1.5 not at all. */
function wholeValues(column: FoundColumn, values: readonly string[]): string[] {
  const key = keyTypeOf(column);
  return key === null
    ? []
    : canonicalIds(
        key,
        values.map((value) => value.replace(/^\+|\.0+$/g, '')),
      );
}

const LOWEST_BIGINT = -(2n ** 63n);
const HIGHEST_BIGINT = 2n ** 63n - 1n;

function isWholeWithin(name: string, range: ValueRange, bind: Bind): string {
  const { from, to } = wholeRange(range);
  const lowest = from < LOWEST_BIGINT ? LOWEST_BIGINT : from;
  const highest = to > HIGHEST_BIGINT ? HIGHEST_BIGINT : to;
  if (lowest > highest) return 'false';
  return `${name} between ${bind(String(lowest))}::bigint and ${bind(String(highest))}::bigint`;
}

function isDoubleWithin(double: string, range: ValueRange, bind: Bind): string {
  const { min, max } = closedRange(range);
  return `${double} between ${bind(min)}::float8 and ${bind(max)}::float8`;
}

function isDecimalWithin(decimal: string, range: ValueRange, bind: Bind): string {
  const { from, to } = exactRange(range);
  const bound = ({ isIncluded, decimal: value }: ExactBound) => `${isIncluded ? '=' : ''} ${bind(value)}::numeric`;
  return `${decimal} >${bound(from)} and ${decimal} <${bound(to)}`;
}
