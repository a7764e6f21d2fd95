/** A value that products have, and how many have it. */
export interface FacetValue {
  value: string;
  count: number;
}

/** What the shop's products can be narrowed down by. */
export interface Facets {
  categories: readonly FacetValue[];
  brands: readonly FacetValue[];
  price: { min: number; max: number; currency: string | null } | null;
}

/** Null while it is not known. */
export function useFacets(): Facets | null {
  return null;
}
