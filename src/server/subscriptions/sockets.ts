import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError, type ExecutionArgs } from 'graphql';
import {
  handleProtocols,
  makeServer,
  MessageType,
  type Context,
  type Server as GraphqlServer,
  type SubscribePayload,
} from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { RequestContext } from '../../resolvers/context.js';
import type { Close } from '../../types.js';
import { isAllowedOrigin } from '../access/origins.js';
import type { ErrorMask } from '../error-mask.js';
import { httpHeadOf } from '../http-errors.js';
import {
  endSocket,
  serveSocket,
  SOCKET_LIMITS,
  WEBSOCKET_CLOSE,
  type SocketExtra,
  type SocketLimits,
} from './socket-connection.js';
import {
  MAX_SUBSCRIPTION_BYTES,
  maskResult,
  prepareSubscription,
  refusal,
  subscribeGuarded,
  type SubscriptionOptions,
} from './subscriptions.js';
import { arrivalOnSocket } from '../observability/watch-operations.js';

const MAX_SUBSCRIPTIONS_PER_SOCKET = 10;

const GOING_AWAY = { code: WEBSOCKET_CLOSE.goingAway, reason: 'Going away' };

type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/**
 * Serves subscriptions, and nothing else, by the graphql-transport-ws protocol on `/graphql`.
 *
 * @returns A close that ends the sockets with 1001.
 */
export function serveSockets(server: Server, options: SubscriptionOptions, limits = SOCKET_LIMITS): Close {
  const { log, operations } = options;
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_SUBSCRIPTION_BYTES,
    // Between two messages of one client there is time for others.
    allowSynchronousEvents: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
    verifyClient: ({ req }, answer) => {
      const refusal = admit(options, req);
      if (refusal === null) answer(true);
      else answer(false, refusal.status, undefined, refusal.headers);
    },
  });
  const protocol = makeProtocol(options, limits);
  sockets.on('connection', (socket, request) => {
    socket.once('close', operations.opened('socket'));
    serveSocket(socket, request, { protocol, limits, log });
  });
  // Such as too many open files: no reason to end what is open.
  sockets.on('error', (error) => {
    log.error({ err: error }, 'WebSocket server error');
  });
  return async () => {
    for (const socket of sockets.clients) endSocket(socket, GOING_AWAY, limits);
    await new Promise<void>((resolve) => {
      sockets.close(() => {
        resolve();
      });
    });
  };
}

/** How a handshake is refused; null where it is not. */
function admit(
  { allowedOrigins, connections }: SubscriptionOptions,
  request: IncomingMessage,
): { status: number; headers: Record<string, string> } | null {
  if (!isAllowedOrigin(request.headers, allowedOrigins)) return { status: 401, headers: {} };
  const leave = connections.take(request);
  if (leave === null) return httpHeadOf(connections.refusal());
  request.socket.once('close', leave);
  return null;
}

function makeProtocol(options: SubscriptionOptions, { initTimeoutMs }: SocketLimits): GraphqlServer<SocketExtra> {
  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: initTimeoutMs,
    jsonMessageReviver: refuseServerMessages,
    onSubscribe: (context, _id, payload) => accept(options, context, payload),
    subscribe: (args) => subscribeGuarded(args),
    onNext: (_context, _id, _payload, { contextValue }, result) =>
      maskResult(result, options.mask, (contextValue as RequestContext).log),
  });
}

const SERVER_MESSAGES: readonly unknown[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];

/**
 * graphql-ws takes a message that only servers send for a defect of its own, and one that can't be read for the client's.
 *
 * @throws TypeError
 */
function refuseServerMessages(key: string, value: unknown): unknown {
  if (key === '' && SERVER_MESSAGES.includes((value as { type?: unknown } | null)?.type)) {
    throw new TypeError('Only servers send such messages.');
  }
  return value;
}

/** A subscription is one operation until it is accepted. What refuses it is masked here, where it is known what it belongs to. */
async function accept(
  options: SubscriptionOptions,
  context: SocketContext,
  payload: SubscribePayload,
): Promise<ExecutionArgs | GraphQLError[]> {
  const { operations, mask } = options;
  return operations.run(arrivalOnSocket(context.extra.request.headers), async (operation) => {
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
  context: SocketContext,
  payload: SubscribePayload,
): Promise<ExecutionArgs | GraphQLError[]> {
  if (Object.keys(context.subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
    return [refusal(`A socket carries at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions.`)];
  }
  const { request, closed } = context.extra;
  const caller = { authorization: authorizationOf(context), signal: closed.signal };
  const makeContext = () => options.makeContext(request, caller);
  return prepareSubscription(options, payload, { how: 'over WebSocket', makeContext });
}

/** `connectionParams.authorization`, else the header of the handshake. */
function authorizationOf(context: SocketContext): unknown {
  const parameters = context.connectionParams ?? {};
  return parameters.authorization ?? parameters.Authorization ?? context.extra.request.headers.authorization;
}
