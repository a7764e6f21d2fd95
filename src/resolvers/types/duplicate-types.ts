import { Field, Float, ObjectType } from 'type-graphql';
import type { MatchKind as Kind } from '../../services/match-kind.js';
import { MatchKind } from './match-kind-type.js';
import { PageInfoType } from './page-info-type.js';
import { ProductImageType, ProductType } from './product-type.js';

@ObjectType('DuplicateProductPair', { description: 'Two products that have the same picture, or nearly.' })
export class DuplicateProductPairType {
  @Field(() => Float, { description: 'Cosine of the two pictures: 1 is the same picture.' })
  similarity!: number;

  @Field(() => MatchKind, { description: 'How much alike the two pictures are.' })
  matchKind!: Kind;

  @Field(() => [ProductType], { description: 'The two products, in the order of `images`.' })
  products!: ProductType[];

  @Field(() => [ProductImageType], { description: 'Their two pictures.' })
  images!: ProductImageType[];
}

@ObjectType('DuplicateProductEdge', { description: 'A pair and its place in the list.' })
export class DuplicateProductEdgeType {
  @Field(() => String, { description: 'Opaque position in the list, for `after`.' })
  cursor!: string;

  @Field(() => DuplicateProductPairType, { description: 'The pair.' })
  node!: DuplicateProductPairType;
}

@ObjectType('DuplicateProductConnection', {
  description: `Pairs of products that have the same picture, or nearly. A page may be short, or empty, although there is more:
\`endCursor\` then says how far was looked, and \`hasNextPage\` whether to go on.`,
})
export class DuplicateProductConnectionType {
  @Field(() => [DuplicateProductEdgeType], { description: 'The pairs with their cursors.' })
  edges!: DuplicateProductEdgeType[];

  @Field(() => [DuplicateProductPairType], { description: 'The pairs alone, in the order of the edges.' })
  nodes!: DuplicateProductPairType[];

  @Field(() => PageInfoType, {
    description: 'Where this page stands. While there is more, `endCursor` is never null here.',
  })
  pageInfo!: PageInfoType;
}
