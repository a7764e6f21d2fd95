import type { CatalogColumnNames } from '../../config.js';
import { isNumber } from './catalog-concepts.js';
import { columnNamed, describeColumns, type FoundColumn, type FoundRelation } from './catalog-relation.js';

/** How the values of a column are compared: word for word, by their size, as true and false, or each of a list. */
export type FilterUse = 'words' | 'numbers' | 'flag' | 'list';

/** A column that CATALOG_FILTERS names. */
export interface FilterColumn {
  column: FoundColumn;
  use: FilterUse;
}

const LISTS = ['text[]', 'character varying[]'];

const ACCEPTED_TYPES = 'text, an enum, uuid, a number, money, boolean, text[]';

/** Null where columns of the type can't be filtered by. */
function filterUseOf(column: FoundColumn): FilterUse | null {
  if (['S', 'E'].includes(column.category) || column.type === 'uuid') return 'words';
  if (isNumber(column) || column.type === 'money') return 'numbers';
  if (column.type === 'boolean') return 'flag';
  return LISTS.includes(column.type) ? 'list' : null;
}

/** Finds the column of each filter, by the filter's name, with a full sentence for each that can't be had. */
export function findFilterColumns(search: {
  filters: CatalogColumnNames;
  products: FoundRelation;
  /** Of the products relation, as configured. */
  relationName: string;
}): { filters: ReadonlyMap<string, FilterColumn>; faults: string[] } {
  const filters = new Map<string, FilterColumn>();
  const faults: string[] = [];
  for (const [filter, named] of Object.entries(search.filters)) {
    const column = columnNamed(search.products, named);
    const use = column === null ? null : filterUseOf(column);
    if (column === null) faults.push(noColumn(search, { filter, named }));
    else if (use === null) faults.push(wrongType(search, { filter, column }));
    else filters.set(filter, { column, use });
  }
  return { filters, faults };
}

type Search = Parameters<typeof findFilterColumns>[0];

function noColumn({ products, relationName }: Search, { filter, named }: { filter: string; named: string }): string {
  return (
    `\`${relationName}\` has no column \`${named}\`, which CATALOG_FILTERS names for ${filter}. ` +
    `${describeColumns(products)} Set CATALOG_FILTERS=${filter}=<column>, or CATALOG_PRODUCTS to a view that has one.`
  );
}

function wrongType({ relationName }: Search, { filter, column }: { filter: string; column: FoundColumn }): string {
  return (
    `\`${relationName}\`.\`${column.name}\` is of type ${column.type}, which ${filter} of CATALOG_FILTERS can't be answered ` +
    `from. Accepted: ${ACCEPTED_TYPES}. Set CATALOG_PRODUCTS to a view that gives it one of these types, or leave it out.`
  );
}
