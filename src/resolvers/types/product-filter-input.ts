import { Field, Float, ID, InputType } from 'type-graphql';

@InputType('PriceRangeInput', {
  description: 'A range of prices. Both bounds belong to it; one left out leaves that side open.',
})
export class PriceRangeInput {
  @Field(() => Float, { nullable: true, description: 'The lowest price, at least 0, in units of `Product.currency`.' })
  min?: number | null;

  @Field(() => Float, { nullable: true, description: 'The highest price, not below `min`.' })
  max?: number | null;
}

@InputType('AttributeFilterInput', {
  description: `A condition on an attribute of products that the shop made filterable. Give \`values\`, or \`min\` or \`max\` or both
for a number; where both kinds are given, both have to hold.`,
})
export class AttributeFilterInput {
  @Field(() => String, { description: 'The attribute, by the name that `CATALOG_FILTERS` gives it.' })
  name!: string;

  @Field(() => [String], {
    nullable: true,
    description: `Any of these, word for word; at most 100. Numbers are compared as numbers, and flags are \`true\` or \`false\`. An
attribute that is a list matches when it has any of them. An empty list restricts nothing.`,
  })
  values?: string[] | null;

  @Field(() => Float, { nullable: true, description: 'The lowest number that matches. Only for numbers.' })
  min?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The highest number that matches, not below `min`. Only for numbers.',
  })
  max?: number | null;
}

@InputType('ProductFilter', {
  description: `What products have to be like to be found. All fields that are given have to hold; of a list, any one value does. An
empty list restricts nothing, and a value that no product has matches none: neither is an error. It is answered by the
shop's catalogue as it is now, so that prices and stock are never out of date.`,
})
export class ProductFilterInput {
  @Field(() => [String], {
    nullable: true,
    description: 'Only products of any of these categories, word for word; at most 100.',
  })
  categories?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only products of any of these brands, word for word; at most 100.',
  })
  brands?: string[] | null;

  @Field(() => PriceRangeInput, {
    nullable: true,
    description: 'Only products with a price in this range. A product without a price is in none.',
  })
  price?: PriceRangeInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: only products that can be bought now; false: only those that can not. Neither has those of which the shop does not say.',
  })
  inStock?: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'Leave out these products; at most 1,000.' })
  excludeIds?: string[] | null;

  @Field(() => [AttributeFilterInput], {
    nullable: true,
    description: 'Conditions on further attributes of products; at most 100, and all have to hold.',
  })
  attributes?: AttributeFilterInput[] | null;
}
