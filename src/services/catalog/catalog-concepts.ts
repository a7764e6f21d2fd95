import { ACCEPTED_KEY_TYPES, keyTypeOf } from './catalog-key.js';
import type { FoundColumn } from './catalog-relation.js';

/** What a column is read as; decides which types it may have. */
export type ColumnUse = 'key' | 'text' | 'amount' | 'flag' | 'position' | 'time';

/** Something that a catalogue may say about a product or an image. */
export interface Concept {
  /** Its name in CATALOG_COLUMNS. */
  setting: string;
  /** Usual names of its column, the likeliest first. */
  names: readonly string[];
  use: ColumnUse;
  /**
   * What to do where its column is missing or of the wrong type. `required`: both are faults. `checked`: it may be missing,
   * but a wrong type is a fault. `optional`: a wrong type is passed over with a warning.
   */
  need: 'required' | 'checked' | 'optional';
}

type Concepts = Readonly<Record<string, Concept>>;

export const productConcepts = {
  id: { setting: 'id', names: ['id'], use: 'key', need: 'required' },
  title: { setting: 'title', names: ['title', 'name'], use: 'text', need: 'optional' },
  description: { setting: 'description', names: ['description', 'body'], use: 'text', need: 'optional' },
  category: {
    setting: 'category',
    names: ['category', 'category_name', 'product_type'],
    use: 'text',
    need: 'optional',
  },
  brand: {
    setting: 'brand',
    names: ['brand', 'vendor', 'brand_name', 'manufacturer'],
    use: 'text',
    need: 'optional',
  },
  price: { setting: 'price', names: ['price'], use: 'amount', need: 'optional' },
  currency: { setting: 'currency', names: ['currency', 'currency_code'], use: 'text', need: 'optional' },
  url: { setting: 'url', names: ['url', 'product_url', 'link'], use: 'text', need: 'optional' },
  inStock: {
    setting: 'in_stock',
    names: ['in_stock', 'is_in_stock', 'available', 'stock', 'stock_quantity', 'quantity', 'inventory'],
    use: 'flag',
    need: 'optional',
  },
} as const satisfies Concepts;

export const imageConcepts = {
  id: { setting: 'image_id', names: ['id'], use: 'key', need: 'required' },
  productId: { setting: 'image_product_id', names: ['product_id'], use: 'key', need: 'required' },
  url: { setting: 'image_url', names: ['image_url', 'url'], use: 'text', need: 'required' },
  // Which images are embedded hangs on this one, so a column that can't be read must not be passed over.
  isMain: { setting: 'image_is_main', names: ['is_main_image', 'is_main', 'is_primary'], use: 'flag', need: 'checked' },
  position: { setting: 'image_position', names: ['position', 'sort_order', 'sort'], use: 'position', need: 'optional' },
  updatedAt: { setting: 'image_updated_at', names: ['updated_at'], use: 'time', need: 'optional' },
} as const satisfies Concepts;

/** Every key that CATALOG_COLUMNS may have. */
export const conceptSettings: readonly string[] = [
  ...Object.values(productConcepts),
  ...Object.values(imageConcepts),
].map(({ setting }) => setting);

const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];
const TIMES = ['timestamp with time zone', 'timestamp without time zone', 'date'];

/** What each use reads, for messages. */
export const acceptedTypes: Readonly<Record<ColumnUse, string>> = {
  key: ACCEPTED_KEY_TYPES,
  text: 'text, an enum, a number, uuid',
  amount: 'a number, money, text',
  flag: 'boolean, a number',
  position: 'a number',
  time: 'timestamp with time zone, timestamp, date',
};

/** Whether a column has a type of numbers. Money is an amount and no number: as text it has a currency sign. */
export function isNumber(column: FoundColumn): boolean {
  return NUMBERS.includes(column.type);
}

/** Whether a column has a type that the use can read. */
export function isUsable(column: FoundColumn, use: ColumnUse): boolean {
  switch (use) {
    case 'key':
      return keyTypeOf(column) !== null;
    case 'text':
      return ['S', 'E', 'N'].includes(column.category) || column.type === 'uuid';
    case 'amount':
      return isNumber(column) || column.type === 'money' || column.category === 'S';
    case 'flag':
      return column.type === 'boolean' || isNumber(column);
    case 'position':
      return isNumber(column);
    case 'time':
      return TIMES.includes(column.type);
  }
}
