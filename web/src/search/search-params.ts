/** What products have to be like, whatever they look like. */
export interface SearchFilters {
  categories: readonly string[];
  brands: readonly string[];
  /** Lowest and highest price, both included; null leaves that side open. */
  min: number | null;
  max: number | null;
  /** Only what can be bought now. */
  inStock: boolean;
}

/** What is looked for. The address holds all of it, so that it can be shared, reloaded and gone back to. */
export interface SearchQuestion {
  words: string;
  /** The id that the server gave a photo; null where there is none. */
  photo: string | null;
  /** Ids of products to look like. */
  likes: readonly string[];
  filters: SearchFilters;
}

export const NO_FILTERS: SearchFilters = { categories: [], brands: [], min: null, max: null, inStock: false };

export const NO_QUESTION: SearchQuestion = { words: '', photo: null, likes: [], filters: NO_FILTERS };

/** The server takes ten pictures; a photo has room beside the products. */
export const MOST_LIKES = 9;

/** The server takes no more values of a kind. */
const MOST_VALUES = 100;

/** Either mark before the cents: shoppers type what their country uses. */
const PLAIN_PRICE = /^(?<whole>\d{1,9})(?:[.,](?<cents>\d{1,2}))?$/;

/** "1,000", "1.000,50" and "1 000": three digits after a mark are thousands, and another mark is for the cents. */
const GROUPED_PRICE =
  /^(?<whole>[1-9]\d{0,2}(?<mark>[., '’])\d{3}(?:\k<mark>\d{3})?)(?:(?!\k<mark>)[.,](?<cents>\d{1,2}))?$/;

/** Reads an address. What makes no sense in it is as if it were not there: links get cut, and mistyped. */
export function parseQuestion(params: URLSearchParams): SearchQuestion {
  return {
    words: params.get('q')?.trim() ?? '',
    photo: given(params.get('photo')),
    likes: valuesOf(params, 'like').slice(0, MOST_LIKES),
    filters: {
      categories: valuesOf(params, 'category').slice(0, MOST_VALUES),
      brands: valuesOf(params, 'brand').slice(0, MOST_VALUES),
      ...inOrder(parsePrice(params.get('min')), parsePrice(params.get('max'))),
      inStock: params.get('stock') === '1',
    },
  };
}

/** The address of a question: `?q=red+mug&category=Mugs`, or nothing where nothing is asked. */
export function printQuestion({ words, photo, likes, filters }: SearchQuestion): string {
  const params = new URLSearchParams();
  if (words !== '') params.append('q', words);
  if (photo !== null) params.append('photo', photo);
  for (const id of likes) params.append('like', id);
  for (const category of filters.categories) params.append('category', category);
  for (const brand of filters.brands) params.append('brand', brand);
  if (filters.min !== null) params.append('min', String(filters.min));
  if (filters.max !== null) params.append('max', String(filters.max));
  if (filters.inStock) params.append('stock', '1');
  const printed = params.toString();
  return printed === '' ? '' : `?${printed}`;
}

/** Whether there is anything to look for; filters alone are not. */
export function isAsked({ words, photo, likes }: SearchQuestion): boolean {
  return words !== '' || photo !== null || likes.length > 0;
}

/** Reads a price that somebody typed, with or without a currency's sign; null where it is none. */
export function parsePrice(text: string | null): number | null {
  const typed = (text ?? '')
    .replace(/\p{Sc}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const groups = (PLAIN_PRICE.exec(typed) ?? GROUPED_PRICE.exec(typed))?.groups;
  return groups === undefined ? null : Number(`${groups.whole?.replace(/\D/g, '') ?? ''}.${groups.cents ?? '0'}`);
}

/** Bounds the wrong way round are meant the right way round. */
export function inOrder(min: number | null, max: number | null): { min: number | null; max: number | null } {
  return min !== null && max !== null && min > max ? { min: max, max: min } : { min, max };
}

/** How many filters are on, as a shopper counts them: each value is one, and so is the price. */
export function countFilters({ categories, brands, min, max, inStock }: SearchFilters): number {
  return categories.length + brands.length + (min !== null || max !== null ? 1 : 0) + (inStock ? 1 : 0);
}

/** The filter as the API takes it; null where nothing is filtered. */
export function toProductFilter(filters: SearchFilters) {
  if (countFilters(filters) === 0) return null;
  const { categories, brands, min, max, inStock } = filters;
  return {
    ...(categories.length > 0 && { categories: [...categories] }),
    ...(brands.length > 0 && { brands: [...brands] }),
    ...((min !== null || max !== null) && { price: { min, max } }),
    ...(inStock && { inStock }),
  };
}

function given(value: string | null): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** As the shop writes them: a blank at an end is part of the value. */
function valuesOf(params: URLSearchParams, name: string): string[] {
  return [...new Set(params.getAll(name))].filter((value) => value.trim() !== '');
}
