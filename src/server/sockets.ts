import type { IncomingMessage, Server } from 'node:http';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Close } from '../types.js';
import { isAllowedOrigin } from './access/origins.js';
import {
  MAX_SUBSCRIPTION_BYTES,
  maskErrors,
  maskResult,
  prepareSubscription,
  refusal,
  subscribeGuarded,
  type SubscriptionOptions,
} from './subscriptions.js';

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
  sockets.on('error', (error) => {
    options.log.error({ err: error }, 'WebSocket server error');
  });
  const served = useServer(
    {
      onSubscribe: (context, _id, payload) => prepare(options, context, payload),
      subscribe: (args) => subscribeGuarded(args),
      onError: (_context, _id, _payload, errors) => maskErrors(errors, options.log),
      onNext: (_context, _id, _payload, _args, result) => maskResult(result, options.log),
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
