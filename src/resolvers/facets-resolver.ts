import { Arg, Int, Query, Resolver } from 'type-graphql';
import { MAX_FACET_VALUES, type FacetService } from '../services/facets.js';
import { ProductFacetsType } from './types/facet-types.js';

@Resolver()
export class FacetsResolver {
  constructor(private readonly facets: FacetService) {}

  @Query(() => ProductFacetsType, {
    description: `What products can be filtered by, and how many there are of each. May be some seconds old, and up to a minute where
the catalogue is very large.`,
  })
  productFacets(
    @Arg('first', () => Int, {
      defaultValue: 50,
      description: `How many values of each facet to return at most, from 1 to ${MAX_FACET_VALUES}.`,
    })
    first: number,
  ): Promise<ProductFacetsType> {
    return this.facets.current(first);
  }
}
