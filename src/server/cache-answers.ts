import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import type { RequestHandler } from 'express';
import { OperationTypeNode } from 'graphql';
import type { RequestContext } from '../resolvers/context.js';
import { nameOf } from './observability/watch-operations.js';

/**
 * Fields of the schema's `Query` whose answers are the same for everybody, until the catalogue or the embeddings change. Others tell how
 * the server is, have what a shopper has typed, or a photograph that a shopper has given.
 */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set(['__typename', 'product', 'productFacets', 'similarToProduct']);

/** Whatever answers it: errors that come before GraphQL, too. */
export const forbidCaching: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/**
 * Lets caches keep what a GET is answered with, for so long and as long again while they ask anew, where it has no errors, is the same
 * for everybody and was asked for without a token.
 *
 * @param cacheSeconds - null lets them keep nothing.
 */
export function cacheAnswers(cacheSeconds: number | null): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async (asked) => {
        const { headers } = asked.response.http;
        if (cacheSeconds === null || !isForEverybody(asked)) {
          headers.set('cache-control', 'no-store');
          return;
        }
        headers.set('cache-control', `public, max-age=${cacheSeconds}, stale-while-revalidate=${cacheSeconds}`);
        // The type of the answer, and whether a page of another origin may read it.
        headers.set('vary', 'Accept, Origin');
      },
    }),
  };
}

function isForEverybody({
  request,
  document,
  operation,
  response,
  contextValue,
}: GraphQLRequestContextWillSendResponse<RequestContext>): boolean {
  if (request.http?.method !== 'GET' || contextValue.viewer.kind !== 'anonymous') return false;
  if (document === undefined || operation?.operation !== OperationTypeNode.QUERY) return false;
  if (response.body.kind !== 'single' || response.body.singleResult.errors !== undefined) return false;
  return nameOf({ document, operation }).rootFields.every((field) => PUBLIC_FIELDS.has(field));
}
