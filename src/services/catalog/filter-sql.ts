import type { CatalogMapping } from './catalog-columns.js';
import { canonicalIds, keyTypeOf } from './catalog-key.js';
import type { FoundColumn } from './catalog-relation.js';
import { at, flag, text } from './column-sql.js';
import type { FilterColumn } from './filter-columns.js';
import { isAnyNumber, isWithin, type Bind } from './number-sql.js';
import type { AttributeFilter, ProductFilter } from './product-filter.js';

/** What the conditions of a filter are made of. */
export type FilterableCatalog = Pick<CatalogMapping, 'products' | 'filters'>;

/**
 * The conditions that products, `p`, have to meet for a filter that `checkFilter` gave. Values go into parameters, never into
 * the text.
 */
export function filterConditions(catalog: FilterableCatalog, filter: ProductFilter, bind: Bind): string[] {
  const { category, brand, price, inStock } = catalog.products.columns;
  return [
    ...given(filter.categories, (words) => isAnyWord(required(category), words, bind)),
    ...given(filter.brands, (words) => isAnyWord(required(brand), words, bind)),
    ...given(filter.price, (range) => isWithin(required(price), range, bind)),
    ...given(filter.inStock, (wanted) => isFlagged(required(inStock), wanted ? 'set' : 'unset')),
    ...filter.attributes.flatMap((attribute) =>
      attributeConditions(required(catalog.filters.get(attribute.name)), attribute, bind),
    ),
  ];
}

function given<T>(part: T | null, condition: (part: T) => string): string[] {
  return part === null ? [] : [condition(part)];
}

function required<T>(column: T | null | undefined): T {
  if (column === null || column === undefined) throw new TypeError('A filter was not checked against this catalogue.');
  return column;
}

function attributeConditions({ column, use }: FilterColumn, { values, range }: AttributeFilter, bind: Bind): string[] {
  return [
    ...given(values, (any) => isAnyValue({ column, use }, any, bind)),
    ...given(range, (bounds) => isWithin(column, bounds, bind)),
  ];
}

function isAnyValue({ column, use }: FilterColumn, values: readonly string[], bind: Bind): string {
  switch (use) {
    case 'words':
      return isAnyWord(column, values, bind);
    case 'numbers':
      return isAnyNumber(column, values, bind);
    case 'flag':
      return `${at('p', column)} = any(${bind(values)}::boolean[])`;
    case 'list':
      return `${at('p', column)} && ${bind(values)}::${column.type}`;
  }
}

/** A column that could be a key is compared in its own type, so that an index serves. An enum refuses unknown words. */
function isAnyWord(column: FoundColumn, words: readonly string[], bind: Bind): string {
  const key = keyTypeOf(column);
  if (key === null) return `${text('p', column)} = any(${bind(words)}::text[])`;
  return `${at('p', column)} = any(${bind(canonicalIds(key, words))}::${key.sqlType}[])`;
}

/** A flag that is null is neither. */
function isFlagged(column: FoundColumn, wanted: 'set' | 'unset'): string {
  return wanted === 'set' ? flag('p', column) : `not ${flag('p', column)}`;
}
