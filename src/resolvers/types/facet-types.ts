import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType('FacetValue', { description: 'A value that products have, and how many have it.' })
export class FacetValueType {
  @Field(() => String, { description: 'The value, spelt as `ProductFilter` takes it.' })
  value!: string;

  @Field(() => Int, { description: 'How many products have it.' })
  count!: number;
}

@ObjectType('PriceRange', { description: 'The prices that products have.' })
export class PriceRangeType {
  @Field(() => Float, { description: 'The lowest one.' })
  min!: number;

  @Field(() => Float, { description: 'The highest one.' })
  max!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Their currency; null where they are not all in the same one, or where the shop does not say.',
  })
  currency!: string | null;
}

@ObjectType('ProductFacets', { description: 'What products can be filtered by, and how many there are of each.' })
export class ProductFacetsType {
  @Field(() => [FacetValueType], {
    description: 'Categories, the one of most products first. Empty where the catalogue has none.',
  })
  categories!: FacetValueType[];

  @Field(() => [FacetValueType], {
    description: 'Brands, the one of most products first. Empty where the catalogue has none.',
  })
  brands!: FacetValueType[];

  @Field(() => PriceRangeType, { nullable: true, description: 'From which price to which; null where there are none.' })
  price!: PriceRangeType | null;

  @Field(() => Boolean, {
    description:
      'Whether the shop says which products can be bought now: without that, `inStock` is refused as a filter.',
  })
  hasStock!: boolean;
}
