import { quoteIdentifier, type FoundColumn } from './catalog-relation.js';

/** The column of the relation that goes by `alias`. */
export function at(alias: string, column: FoundColumn): string {
  return `${alias}.${quoteIdentifier(column.name)}`;
}

export function text(alias: string, column: FoundColumn | null): string {
  return column === null ? 'null::text' : `${at(alias, column)}::text`;
}

/** A number is a flag too: a count of what is in stock, or 0 and 1. */
export function flag(alias: string, column: FoundColumn): string {
  return column.type === 'boolean' ? at(alias, column) : `(${at(alias, column)} > 0)`;
}

export function time(alias: string, column: FoundColumn | null): string {
  if (column === null) return 'null::text';
  const utc =
    column.type === 'timestamp with time zone'
      ? `${at(alias, column)} at time zone 'UTC'`
      : `${at(alias, column)}::timestamp`;
  return `to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
