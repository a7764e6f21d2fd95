import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../resolvers/context.js';

/** What is wrong with the document or its variables; not with the HTTP request, nor with who asks. */
const DOCUMENT_FAULTS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Answers a faulty document with 200 where the client takes `application/json`, as GraphQL over HTTP wants it: a 400 of that type
 * may come from any proxy. Apollo's 400 stays for `application/graphql-response+json`, and so does every other status.
 */
export function statusForAccept(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async ({ request }) => ({
      willSendResponse: async ({ response: { http, body } }) => {
        if (http.status !== 400 || body.kind !== 'single' || knowsGraphQLResponses(request.http?.headers.get('accept')))
          return;
        const { errors = [] } = body.singleResult;
        if (errors.every(({ extensions }) => DOCUMENT_FAULTS.has(extensions?.code))) http.status = 200;
      },
    }),
  };
}

/** A client that names the type is sent it. One that takes anything is sent `application/json`. */
function knowsGraphQLResponses(accept = ''): boolean {
  return /\bapplication\/graphql-response\+json\b/i.test(accept);
}
