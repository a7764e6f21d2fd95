import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type ContainerType, type PubSub } from 'type-graphql';
import { BackfillResolver } from './backfill-resolver.js';
import { makeContainer } from './container.js';
import { checkViewer } from './context.js';
import { ProductImageResolver, ProductResolver } from './product-resolver.js';
import { SearchResolver } from './search-resolver.js';
import { StatusResolver } from './status-resolver.js';

/** The resolvers, ready to answer. */
export interface Resolvers {
  search: SearchResolver;
  product: ProductResolver;
  productImage: ProductImageResolver;
  backfill: BackfillResolver;
  status: StatusResolver;
}

/** The schema with resolvers that answer. */
export function makeSchema(resolvers: Resolvers): GraphQLSchema {
  return build(makeContainer(Object.values(resolvers)));
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
  return buildSchemaSync({
    resolvers: [SearchResolver, ProductResolver, ProductImageResolver, BackfillResolver, StatusResolver],
    container,
    authChecker: checkViewer,
    pubSub: NO_PUB_SUB,
    // Limits are checked by the services, which other callers use too.
    validate: false,
  });
}
