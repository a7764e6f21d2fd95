import { BadUserInputError } from '../../errors.js';
import { quoted } from './catalog-key.js';
import type { FoundColumn } from './catalog-relation.js';
import { checkWords, MAX_FILTER_VALUES } from './check-filter-words.js';
import type { FilterColumn } from './filter-columns.js';
import type { FilterableCatalog } from './filter-sql.js';
import type { AttributeFilter, ProductFilter, ValueRange } from './product-filter.js';

/**
 * Checks a filter against what this catalogue can answer, and leaves out what restricts nothing: empty lists, and ranges
 * without a bound.
 *
 * @returns null where nothing is left.
 * @throws BadUserInputError naming the part at fault, such as `filter.price` for an `argument` of `filter`.
 */
export function checkFilter(catalog: FilterableCatalog, filter: ProductFilter, argument: string): ProductFilter | null {
  const { category, brand, price, inStock } = catalog.products.columns;
  const checked: ProductFilter = {
    categories: checkWords(filter.categories, `${argument}.categories`),
    brands: checkWords(filter.brands, `${argument}.brands`),
    price: checkRange(filter.price, `${argument}.price`, 'a number of at least 0'),
    inStock: filter.inStock,
    attributes: checkAttributes(catalog, filter.attributes, `${argument}.attributes`),
  };
  requireColumn(checked.categories, category, { argument: `${argument}.categories`, setting: 'category' });
  requireColumn(checked.brands, brand, { argument: `${argument}.brands`, setting: 'brand' });
  requireColumn(checked.price, price, { argument: `${argument}.price`, setting: 'price' });
  requireColumn(checked.inStock, inStock, { argument: `${argument}.inStock`, setting: 'in_stock' });
  return isOpen(checked) ? null : checked;
}

function isOpen({ categories, brands, price, inStock, attributes }: ProductFilter): boolean {
  return [categories, brands, price, inStock].every((part) => part === null) && attributes.length === 0;
}

function requireColumn(
  part: unknown,
  column: FoundColumn | null,
  { argument, setting }: { argument: string; setting: string },
): void {
  if (part === null || column !== null) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` can't be answered: the shop's products have no ${setting} column. Set CATALOG_COLUMNS=${setting}=<column>.`,
  );
}

type Bounds = 'a number' | 'a number of at least 0';

function checkRange(range: ValueRange | null, argument: string, expected: Bounds): ValueRange | null {
  if (range === null || (range.min === null && range.max === null)) return null;
  const { min, max } = range;
  for (const [side, bound] of Object.entries({ min, max })) checkBound(bound, `${argument}.${side}`, expected);
  if (min !== null && max !== null && min > max) {
    throw new BadUserInputError(
      argument,
      `\`${argument}\` holds nothing: its \`min\` of ${min} is above its \`max\` of ${max}.`,
    );
  }
  return { min, max };
}

function checkBound(bound: number | null, argument: string, expected: Bounds): void {
  if (bound === null) return;
  const isTooLow = expected === 'a number of at least 0' && bound < 0;
  if (Number.isFinite(bound) && !isTooLow) return;
  throw new BadUserInputError(argument, `\`${argument}\` must be ${expected}, and ${bound} is not one.`);
}

function checkAttributes(
  { filters }: FilterableCatalog,
  attributes: readonly AttributeFilter[],
  argument: string,
): AttributeFilter[] {
  if (attributes.length > MAX_FILTER_VALUES) {
    throw new BadUserInputError(
      argument,
      `\`${argument}\` has ${attributes.length} conditions, and at most ${MAX_FILTER_VALUES} are accepted.`,
    );
  }
  return attributes
    .map((attribute, index) => checkAttribute(attribute, `${argument}[${index}]`, filters))
    .filter(({ values, range }) => values !== null || range !== null);
}

function checkAttribute(
  attribute: AttributeFilter,
  argument: string,
  filters: FilterableCatalog['filters'],
): AttributeFilter {
  const { name } = attribute;
  const filter = filters.get(name);
  if (filter === undefined) throw unknownAttribute(name, `${argument}.name`, [...filters.keys()]);
  const range = checkRange(attribute.range, argument, 'a number');
  if (attribute.values === null && range === null) {
    throw new BadUserInputError(
      argument,
      `\`${argument}\` asks nothing of ${name}. Give \`values\`, \`min\` or \`max\`.`,
    );
  }
  if (range !== null && filter.use !== 'numbers') throw noNumbers(name, filter, argument);
  const values = checkWords(attribute.values, `${argument}.values`);
  values?.forEach((value, index) => checkValue(value, `${argument}.values[${index}]`, { name, ...filter }));
  return { name, values, range };
}

function unknownAttribute(name: string, argument: string, known: readonly string[]): BadUserInputError {
  const remedy =
    known.length === 0
      ? 'CATALOG_FILTERS names none: set CATALOG_FILTERS=<name>=<column>.'
      : `Those that CATALOG_FILTERS names are ${known.join(', ')}.`;
  return new BadUserInputError(
    argument,
    `\`${argument}\` must be an attribute of the shop's products that can be filtered by, and ${quoted(name)} is not one. ${remedy}`,
  );
}

function noNumbers(name: string, { column }: FilterColumn, argument: string): BadUserInputError {
  return new BadUserInputError(
    argument,
    `\`${argument}\` has a range, and ${name} holds no numbers: its column is of type ${column.type}. Give \`values\`.`,
  );
}

/** Words that are none of a column's are simply not found; what can't be a number or a flag is a mistake. */
function checkValue(value: string, argument: string, { name, column, use }: FilterColumn & { name: string }): void {
  const fault = (expected: string) =>
    new BadUserInputError(
      argument,
      `\`${argument}\` must be ${expected}: the column of ${name} is of type ${column.type}, and ${quoted(value)} is not one.`,
    );
  switch (use) {
    case 'numbers':
      if (!/^[+-]?\d+(\.\d+)?$/.test(value)) throw fault('a number such as 42 or 12.5');
      return;
    case 'flag':
      if (!['true', 'false'].includes(value)) throw fault('"true" or "false"');
      return;
    case 'words':
    case 'list':
  }
}
