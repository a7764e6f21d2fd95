import type { FieldReadFunction, TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/**
 * How Apollo's cache keeps what Lookalike answers: pages of one question grow together, and each question (its words,
 * pictures and filter, whatever the size of its pages) has a list of its own.
 *
 * Read `edges` of a connection that you page through: they are merged, and `nodes` are those of the last page alone.
 *
 * Made anew at each call, so that one of them can be changed without touching another client's.
 */
export function makeTypePolicies(): TypePolicies {
  return {
    Query: {
      fields: {
        searchProducts: relayStylePagination(['input']),
        similarToProduct: relayStylePagination(['id', 'filter', 'minSimilarity']),
        similarProducts: relayStylePagination(['queryImageId', 'region', 'filter', 'minSimilarity']),
        embeddingBackfills: relayStylePagination(),
        duplicateProducts: relayStylePagination(['minKind', 'model']),
        // What lists have brought already is shown at once.
        product: { read: knownOr('Product') },
        queryImage: { read: knownOr('QueryImage') },
        embeddingBackfill: { read: knownOr('EmbeddingBackfill') },
      },
    },
    Product: { fields: { similarProducts: relayStylePagination(['filter', 'minSimilarity']) } },
    QueryImage: { fields: { similarProducts: relayStylePagination(['filter', 'minSimilarity']) } },
    EmbeddingModel: { keyFields: ['name'], fields: { coverage: { merge: true } } },
    EmbeddingBackfill: {
      fields: { failures: relayStylePagination(['reason']), counts: { merge: true }, stages: { merge: true } },
    },
    EmbeddingStatus: { fields: { coverage: { merge: true } } },
  };
}

/** What was asked for before, else the object of that id, wherever it came from. */
function knownOr(typename: string): FieldReadFunction<unknown, unknown> {
  return (known, { args, toReference }) => {
    if (known !== undefined || typeof args?.id !== 'string') return known;
    return toReference({ __typename: typename, id: args.id });
  };
}
