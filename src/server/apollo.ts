import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Log } from '../log.js';
import type { RequestContext } from '../resolvers/context.js';
import type { ErrorMask } from './error-mask.js';
import type { OperationGate } from './operations/operation-gate.js';
import { statusForAccept } from './status-for-accept.js';

export interface ApolloOptions {
  schema: GraphQLSchema;
  gate: OperationGate;
  introspection: boolean;
  mask: ErrorMask;
  log: Log;
}

/** Starts Apollo for queries and mutations over HTTP. It is to be stopped once all requests have come to their end. */
export async function startApollo(options: ApolloOptions): Promise<ApolloServer<RequestContext>> {
  const { schema, gate, introspection, mask, log } = options;
  const apollo = new ApolloServer<RequestContext>({
    schema,
    formatError: (formatted, error) => mask(error, formatted),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    maxRecursiveSelections: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    parseOptions: gate.parseOptions,
    validationRules: [...gate.rules],
    logger: quiet(log),
    plugins: [ApolloServerPluginLandingPageDisabled(), passGate(gate), statusForAccept()],
  });
  await apollo.start();
  return apollo;
}

function passGate(gate: OperationGate): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveSource: async ({ source }) => gate.checkSource(source),
      didResolveOperation: async ({ document, operation, request, contextValue: context }) => {
        if (operation !== undefined)
          await gate.admit({ document, operation, variables: request.variables ?? {}, context });
      },
    }),
  };
}

/** Apollo's own lines are for whoever debugs Apollo. */
function quiet(log: Log) {
  const at = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => {
    log[level]({ from: 'apollo' }, String(message));
  };
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('error') };
}
