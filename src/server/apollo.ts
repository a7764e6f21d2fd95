import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import type { RequestContext } from '../resolvers/context.js';
import { cacheAnswers } from './cache-answers.js';
import { makeParsedDocuments, makeRegisteredDocuments } from './documents/document-caches.js';
import type { ErrorMask } from './error-mask.js';
import { httpHeadOf } from './http-errors.js';
import type { OperationGate } from './operations/operation-gate.js';
import { statusForAccept } from './status-for-accept.js';

export interface ApolloOptions {
  schema: GraphQLSchema;
  gate: OperationGate;
  introspection: boolean;
  /** Whether clients may register documents, to ask for them by their digests from then on. */
  registration: boolean;
  /** How long answers to a GET may be kept; null forbids it. */
  cacheSeconds: number | null;
  mask: ErrorMask;
  log: Log;
}

/** Starts Apollo for queries and mutations over HTTP. It is to be stopped once all requests have come to their end. */
export async function startApollo(options: ApolloOptions): Promise<ApolloServer<RequestContext>> {
  const { schema, gate, introspection, registration, cacheSeconds, mask, log } = options;
  const apollo = new ApolloServer<RequestContext>({
    schema,
    formatError: (formatted, error) => mask(error, formatted),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    introspection,
    parseOptions: gate.parseOptions,
    validationRules: [...gate.rules],
    validationOptions: gate.validationOptions,
    documentStore: makeParsedDocuments(),
    persistedQueries: registration && { cache: makeRegisteredDocuments() },
    logger: quiet(log),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // It would watch every single field.
      ApolloServerPluginCacheControlDisabled(),
      passGate(gate),
      statusForAccept(),
      cacheAnswers(cacheSeconds),
    ],
  });
  await apollo.start();
  return apollo;
}

function passGate(gate: OperationGate): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, request, contextValue: context }) => {
        if (operation === undefined) return;
        if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw withStatus(noSubscription());
        await gate
          .admit({ document, operation, variables: request.variables ?? {}, context })
          .catch((error: unknown) => {
            throw error instanceof AppError ? withStatus(error) : error;
          });
      },
    }),
  };
}

/** Apollo would answer 500. */
function withStatus(originalError: AppError): GraphQLError {
  const { status, headers } = httpHeadOf(originalError);
  const http = { status, headers: new HeaderMap(Object.entries(headers)) };
  return new GraphQLError(originalError.message, { originalError, extensions: { ...originalError.extensions, http } });
}

function noSubscription(): AppError {
  const message = 'Subscriptions are served over WebSocket at /graphql, and as event streams at /graphql/stream.';
  return new AppError('BAD_USER_INPUT', message);
}

/** Apollo's own lines are for whoever debugs Apollo. */
function quiet(log: Log) {
  const at = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => {
    log[level]({ from: 'apollo' }, String(message));
  };
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('error') };
}
