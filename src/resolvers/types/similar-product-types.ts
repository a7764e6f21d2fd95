import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import type { MatchKind as Kind } from '../../services/match-kind.js';
import type { SearchStatus as Status } from '../../services/search.js';
import { EmbeddingModelType } from './embedding-model-types.js';
import { MatchKind } from './match-kind-type.js';
import { PageInfoType } from './page-info-type.js';
import { ProductImageType, ProductType } from './product-type.js';

export const SearchStatus = {
  OK: 'OK',
  NOT_EMBEDDED: 'NOT_EMBEDDED',
} as const;

registerEnumType(SearchStatus, {
  name: 'SearchStatus',
  description: 'Whether a search could be answered.',
  valuesConfig: {
    OK: { description: 'It could.' },
    NOT_EMBEDDED: { description: 'The product asked about has no embedding yet, so nothing can be compared with it.' },
  },
});

@ObjectType('SimilarProductEdge', { description: 'A product that looks alike, and what belongs to the match.' })
export class SimilarProductEdgeType {
  @Field(() => String, { description: 'Opaque position of this match in its list.' })
  cursor!: string;

  @Field(() => ProductType, { description: 'The product.' })
  node!: ProductType;

  @Field(() => Float, {
    description: `Cosine of what was asked for and the picture: 1 is the same picture, 0 unrelated, -1 the least alike. Words and pictures are
seldom more alike than 0.35.`,
  })
  similarity!: number;

  @Field(() => MatchKind, {
    description: 'How alike the two pictures are, in words. `SIMILAR` where words were in the question.',
  })
  matchKind!: Kind;

  @Field(() => ProductImageType, { description: 'The picture of the product that looks most alike.' })
  image!: ProductImageType;
}

@ObjectType('SimilarProductConnection', { description: 'Products that look alike, most alike first, each once.' })
export class SimilarProductConnectionType {
  @Field(() => [SimilarProductEdgeType], { description: 'The matches with their similarity.' })
  edges!: SimilarProductEdgeType[];

  @Field(() => [ProductType], { description: 'The products alone, in the order of the edges.' })
  nodes!: ProductType[];

  @Field(() => PageInfoType, { description: 'Where this page stands.' })
  pageInfo!: PageInfoType;

  @Field(() => SearchStatus, { description: 'Whether the search could be answered.' })
  status!: Status;

  @Field(() => EmbeddingModelType, { description: 'The model that compared the pictures.' })
  model!: EmbeddingModelType;
}
