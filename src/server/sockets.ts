import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError, type ExecutionArgs } from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { RequestContext } from '../resolvers/context.js';
import type { Close } from '../types.js';
import { isAllowedOrigin } from './access/origins.js';
import type { ErrorMask } from './error-mask.js';
import {
  MAX_SUBSCRIPTION_BYTES,
  maskResult,
  prepareSubscription,
  refusal,
  subscribeGuarded,
  type SubscriptionOptions,
} from './subscriptions.js';
import { arrivalOnSocket } from './watch-operations.js';

const MAX_SUBSCRIPTIONS_PER_SOCKET = 10;

/**
 * Serves subscriptions, and nothing else, by the graphql-transport-ws protocol on `/graphql`.
 *
 * @returns A close that ends the sockets with 1001.
 */
export function serveSockets(server: Server, options: SubscriptionOptions): Close {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_SUBSCRIPTION_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }) => isAllowedOrigin(req.headers, options.allowedOrigins),
  });
  sockets.on('connection', (socket) => {
    socket.once('close', options.operations.opened('socket'));
  });
  sockets.on('error', (error) => {
    options.log.error({ err: error }, 'WebSocket server error');
  });
  const served = useServer(
    {
      onSubscribe: (context, _id, payload) => accept(options, context, payload),
      subscribe: (args) => subscribeGuarded(args),
      onNext: (_context, _id, _payload, { contextValue }, result) =>
        maskResult(result, options.mask, (contextValue as RequestContext).log),
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

/** A subscription is one operation until it is accepted. What refuses it is masked here, where it is known what it belongs to. */
async function accept(
  options: SubscriptionOptions,
  context: Context,
  payload: SubscribePayload,
): Promise<ExecutionArgs | GraphQLError[]> {
  const { operations, mask } = options;
  return operations.run(arrivalOnSocket(requestOf(context).headers), async (operation) => {
    try {
      const prepared = await prepare(options, context, payload);
      return Array.isArray(prepared) ? prepared.map((error) => masked(error, mask)) : prepared;
    } finally {
      operation.end();
    }
  });
}

/** With the places in the document that it is about. */
function masked(error: GraphQLError, mask: ErrorMask): GraphQLError {
  const { message, extensions } = mask(error, error.toJSON());
  const { nodes = null, source = null, positions = null } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: extensions ?? null });
}

/** graphql-ws executes what this returns; it is the only way in. */
async function prepare(
  options: SubscriptionOptions,
  context: Context,
  payload: SubscribePayload,
): Promise<ExecutionArgs | GraphQLError[]> {
  if (Object.keys(context.subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
    return [refusal(`A socket carries at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions.`)];
  }
  const caller = { authorization: authorizationOf(context), signal: abortOf(context).signal };
  const makeContext = () => options.makeContext(requestOf(context), caller);
  return prepareSubscription(options, payload, { how: 'over WebSocket', makeContext });
}

/** `connectionParams.authorization`, else the header of the handshake. */
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
