import { ProductFacetsDocument, type ProductFacetsQuery } from '@lookalike/apollo';
import { useQuery } from '@apollo/client/react';

/** What the shop's products can be narrowed down by. */
export type Facets = ProductFacetsQuery['productFacets'];

/** A value that products have, and how many have it. */
export type FacetValue = Facets['categories'][number];

export interface FacetState {
  /** Null while they are not known. Without them there are fewer filters, and nothing else is amiss: so an error is none here. */
  facets: Facets | null;
  isLoading: boolean;
}

/** As many as the server gives; what is beyond can be found by its looks. */
const MOST_VALUES = 200;

/** What the shop has to choose from. */
export function useFacets(): FacetState {
  const { data, loading } = useQuery(ProductFacetsDocument, { variables: { first: MOST_VALUES } });
  return { facets: data?.productFacets ?? null, isLoading: loading };
}
