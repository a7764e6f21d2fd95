import { Field, Float, ID, ObjectType } from 'type-graphql';

@ObjectType('Product', { description: "A product of the shop's catalogue, as the catalogue has it now." })
export class ProductType {
  @Field(() => ID, { description: "The shop's own id of the product." })
  id!: string;

  @Field(() => String, { description: 'The name shoppers see. Empty where the catalogue has none.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'Text about the product.' })
  description!: string | null;

  @Field(() => String, { nullable: true, description: 'The kind of product, in the words of the shop.' })
  category!: string | null;

  @Field(() => String, { nullable: true, description: 'Who makes it.' })
  brand!: string | null;

  @Field(() => Float, { nullable: true, description: 'The price in units of `currency`.' })
  price!: number | null;

  @Field(() => String, { nullable: true, description: 'The currency of `price`, such as EUR.' })
  currency!: string | null;

  @Field(() => String, { nullable: true, description: "The product's page in the shop." })
  url!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it can be bought now; null where the shop does not say.',
  })
  inStock!: boolean | null;
}

@ObjectType('ProductImage', { description: 'A picture of a product.' })
export class ProductImageType {
  @Field(() => ID, { description: "The shop's own id of the image." })
  id!: string;

  @Field(() => Boolean, { description: 'Whether this picture stands for the product in lists.' })
  isMain!: boolean;
}
