import type { IncomingMessage, Server } from 'node:http';
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import type { RequestContext } from '../resolvers/context.js';
import type { Close } from '../types.js';
import { maskError } from './error-mask.js';
import { guardStream } from './guard-stream.js';
import { isAllowedOrigin } from './origins.js';

export interface SocketOptions {
  schema: GraphQLSchema;
  allowedOrigins: readonly string[];
  /** @param authorization - `connectionParams.authorization`, else the header of the handshake. */
  makeContext: (authorization: unknown, signal: AbortSignal) => RequestContext;
  log: Log;
}

/** A subscription is a few lines; nothing larger is read. */
const MAX_MESSAGE_BYTES = 64 * 1024;

const MAX_SUBSCRIPTIONS_PER_SOCKET = 10;

/**
 * Serves subscriptions, and nothing else, by the graphql-transport-ws protocol on `/graphql`.
 *
 * @returns A close that ends the sockets with 1001.
 */
export function serveSockets(server: Server, options: SocketOptions): Close {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_MESSAGE_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }) => isAllowedOrigin(req.headers, options.allowedOrigins),
  });
  sockets.on('error', (error) => {
    options.log.error({ err: error }, 'WebSocket server error');
  });
  const maskAll = (errors: readonly (GraphQLError | GraphQLFormattedError)[]) =>
    errors.map((error) => maskError(error, error instanceof GraphQLError ? error.toJSON() : error, options.log));
  const maskResult = ({ data, errors }: SocketResult): FormattedExecutionResult => ({
    ...(data !== undefined && { data }),
    ...(errors && { errors: maskAll(errors) }),
  });
  const served = useServer(
    {
      onSubscribe: (context, _id, payload) => prepare(options, context, payload),
      subscribe: (args) => subscribeGuarded(args),
      onError: (_context, _id, _payload, errors) => maskAll(errors),
      onNext: (_context, _id, _payload, _args, result) => maskResult(result),
      onDisconnect: (context) => {
        abortOf(context).abort();
      },
    },
    sockets,
  );
  return async () => {
    await served.dispose();
  };
}

/** A result as graphql-ws types it. */
interface SocketResult {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly GraphQLError[] | undefined;
}

/** graphql-ws executes what this returns; it is the only way in, so it lets nothing but valid subscriptions through. */
function prepare(
  options: SocketOptions,
  context: Context,
  { query, variables, operationName }: SubscribePayload,
): ExecutionArgs | GraphQLError[] {
  const document = parseOrError(query);
  if (document instanceof GraphQLError) return [document];
  const errors = validate(options.schema, document);
  if (errors.length > 0) return [...errors];
  const operation = getOperationAST(document, operationName ?? undefined);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
    return [refusal('Only subscriptions are served over WebSocket.')];
  if (Object.keys(context.subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
    return [refusal(`A socket carries at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions.`)];
  }
  return {
    schema: options.schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
    contextValue: options.makeContext(authorizationOf(context), abortOf(context).signal),
  };
}

async function subscribeGuarded(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const result = await subscribe(args);
  if (!(Symbol.asyncIterator in result)) return result;
  return guardStream(result, (error) => ({ errors: [asGraphQLError(error)] }));
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function parseOrError(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return asGraphQLError(error);
  }
}

function refusal(message: string): GraphQLError {
  return asGraphQLError(new AppError('BAD_USER_INPUT', message));
}

function authorizationOf(context: Context): unknown {
  const parameters = context.connectionParams ?? {};
  return parameters.authorization ?? parameters.Authorization ?? requestOf(context).headers.authorization;
}

/** What graphql-ws's server for `ws` puts beside each socket, and what is kept there of our own. */
interface SocketExtra {
  request: IncomingMessage;
  abort?: AbortController;
}

function requestOf(context: Context): IncomingMessage {
  return (context.extra as SocketExtra).request;
}

function abortOf(context: Context): AbortController {
  const extra = context.extra as SocketExtra;
  return (extra.abort ??= new AbortController());
}
