/** What a product has to be like to be found. All parts have to hold; null leaves a part open, as an empty list does. */
export interface ProductFilter {
  /** Any of these, word for word. */
  categories: readonly string[] | null;
  brands: readonly string[] | null;
  /** Both bounds belong to the range; null leaves that side open. */
  price: ValueRange | null;
  /** True: only what can be bought now; false: only what can't. */
  inStock: boolean | null;
  attributes: readonly AttributeFilter[];
}

export interface ValueRange {
  min: number | null;
  max: number | null;
}

/** A condition on one of the columns that CATALOG_FILTERS names. */
export interface AttributeFilter {
  /** As CATALOG_FILTERS has it. */
  name: string;
  /** Any of these; null where the range decides. */
  values: readonly string[] | null;
  /** For columns of numbers; null where the values decide. */
  range: ValueRange | null;
}
