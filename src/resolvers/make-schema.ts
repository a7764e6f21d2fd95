// Must come before the first class with decorators is evaluated; type-graphql keeps its notes in it.
import 'reflect-metadata';
import { isInputObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type ContainerType, type PubSub } from 'type-graphql';
import type { BackfillSteering } from '../services/backfill-steering.js';
import type { BackfillService } from '../services/backfill.js';
import type { Catalog } from '../services/catalog/catalog.js';
import type { ModelComparisons } from '../services/compare-models.js';
import type { CoverageService } from '../services/coverage.js';
import type { DuplicateService } from '../services/duplicates.js';
import type { EmbeddingModels } from '../services/embedding-models.js';
import type { EmbeddingStatusService } from '../services/embedding-status.js';
import type { FacetService } from '../services/facets.js';
import type { ImageSource } from '../services/images/image-source.js';
import type { QueryImageService } from '../services/query-image.js';
import type { SearchService } from '../services/search.js';
import type { ServingModel } from '../services/serving-model.js';
import { BackfillResolver } from './backfill-resolver.js';
import { BackfillSteeringResolver } from './backfill-steering-resolver.js';
import { makeContainer } from './container.js';
import { checkViewer } from './context.js';
import { DuplicatesResolver } from './duplicates-resolver.js';
import { EmbeddingModelResolver } from './embedding-model-resolver.js';
import { FacetsResolver } from './facets-resolver.js';
import { ImageFailureResolver } from './image-failure-resolver.js';
import { ModelComparisonResolver } from './model-comparison-resolver.js';
import { ProductImageResolver, ProductResolver } from './product-resolver.js';
import { QueryImageResolver } from './query-image-resolver.js';
import { SearchResolver } from './search-resolver.js';
import { StatusResolver } from './status-resolver.js';

/** The services that answer. */
export interface SchemaServices {
  catalog: Catalog;
  source: ImageSource;
  search: SearchService;
  queryImages: QueryImageService;
  backfills: BackfillService;
  steering: BackfillSteering;
  embeddingStatus: EmbeddingStatusService;
  models: EmbeddingModels;
  serving: ServingModel;
  coverage: CoverageService;
  comparisons: ModelComparisons;
  duplicates: DuplicateService;
  facets: FacetService;
}

/** The schema with resolvers that answer. */
export function makeSchema(services: SchemaServices): GraphQLSchema {
  const { catalog, source, search, queryImages, backfills, steering, embeddingStatus } = services;
  const { models, serving, coverage, comparisons, duplicates, facets } = services;
  return build(
    makeContainer([
      new SearchResolver(search, queryImages),
      new ProductResolver(catalog, search),
      new ProductImageResolver(source),
      new QueryImageResolver(queryImages, search),
      new BackfillResolver(steering),
      new BackfillSteeringResolver(backfills, steering),
      new ImageFailureResolver(),
      new StatusResolver(embeddingStatus),
      new EmbeddingModelResolver(models, serving, coverage),
      new ModelComparisonResolver(comparisons),
      new DuplicatesResolver(duplicates),
      new FacetsResolver(facets),
    ]),
  );
}

/** The schema alone, to be printed: nothing in it can be executed. */
export function makeSchemaForPrinting(): GraphQLSchema {
  return build(makeContainer([]));
}

/** type-graphql wants one wherever there are subscriptions. Ours bring their own streams, so nothing passes through it. */
const NO_PUB_SUB: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new TypeError('Subscriptions bring their own streams: give `subscribe` to @Subscription.');
  },
};

function build(container: ContainerType): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      SearchResolver,
      ProductResolver,
      ProductImageResolver,
      QueryImageResolver,
      BackfillResolver,
      BackfillSteeringResolver,
      ImageFailureResolver,
      StatusResolver,
      EmbeddingModelResolver,
      ModelComparisonResolver,
      DuplicatesResolver,
      FacetsResolver,
    ],
    container,
    authChecker: checkViewer,
    pubSub: NO_PUB_SUB,
    // Limits are checked by the services, which other callers use too.
    validate: false,
  });
  for (const name of ONE_OF_INPUTS) markOneOf(schema, name);
  return schema;
}

/** Inputs of which exactly one field is given. type-graphql 2.0.0-rc.4 has no word for it; graphql-js checks it. */
const ONE_OF_INPUTS = ['CreateQueryImageInput', 'SearchPictureInput', 'SearchCounterexampleInput'];

function markOneOf(schema: GraphQLSchema, name: string): void {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new TypeError(`${name} is no input type of the schema.`);
  type.isOneOf = true;
}
