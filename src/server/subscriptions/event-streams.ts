import express, { type Express, type RequestHandler, type Response } from 'express';
import type { ExecutionResult } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import { AppError, ServiceUnavailableError } from '../../errors.js';
import type { RequestContext } from '../../resolvers/context.js';
import type { Close } from '../../types.js';
import { isAllowedOrigin } from '../access/origins.js';
import { checkStreamRequest } from './check-stream-request.js';
import {
  MAX_SUBSCRIPTION_BYTES,
  maskResult,
  prepareSubscription,
  subscribeGuarded,
  type SubscriptionOptions,
  type SubscriptionRequest,
} from './subscriptions.js';
import { whenClientLeaves } from '../when-client-leaves.js';

/**
 * How long nothing may get through to a client, which is sent a comment every 12 seconds. graphql-sse keeps the events that it
 * can't send.
 */
const STALLED_MS = 60_000;

/**
 * Serves subscriptions, and nothing else, as server-sent events on `/graphql/stream`, by graphql-sse's protocol in its
 * "distinct connections mode": one request, by POST or GET, is one subscription. graphql-sse itself sends a comment every
 * 12 seconds, so that no proxy takes a quiet stream for a dead one.
 *
 * @returns A close that breaks the streams off, without the `complete` that would keep their clients from coming back.
 */
export function serveEventStreams(app: Express, options: SubscriptionOptions, stalledMs = STALLED_MS): Close {
  const open = new Set<Response>();
  let isClosing = false;
  const stream = makeStreamHandler(options);
  app.use(
    '/graphql/stream',
    admit(options),
    // All that has a body, whatever it calls itself: graphql-sse would read what is left over, and without a cap.
    express.json({ limit: MAX_SUBSCRIPTION_BYTES, type: () => true }),
    checkStreamRequest,
    async (request, response) => {
      if (isClosing) throw stopping();
      // The client has gone while it was asked who it is.
      if (response.closed) return;
      const leave = options.connections.take(request);
      if (leave === null) throw options.connections.refusal();
      response.once('close', leave);
      open.add(response);
      response.once('close', () => open.delete(response));
      response.setTimeout(stalledMs, () => response.destroy());
      response.once('close', options.operations.opened('stream'));
      await stream(request, response);
    },
  );
  return async () => {
    isClosing = true;
    for (const response of open) response.destroy();
  };
}

/** Lets in what may subscribe here, before its body is read. */
function admit({ allowedOrigins }: SubscriptionOptions): RequestHandler {
  return (request, response, next) => {
    const { headers } = request;
    if (!isAllowedOrigin(headers, allowedOrigins)) throw foreignOrigin(headers.origin);
    // There is nothing else to accept here, and graphql-sse takes only clients that ask for this and no more.
    headers.accept = 'text/event-stream';
    // nginx would hold events back until it has enough of them.
    response.set('X-Accel-Buffering', 'no');
    next();
  };
}

type StreamHandler = (...parameters: Parameters<ReturnType<typeof createHandler>>) => Promise<void>;

function makeStreamHandler(options: SubscriptionOptions): StreamHandler {
  const handle = createHandler({
    // No token, no "single connection mode": that one would keep streams for clients that may never come.
    authenticate: () => null,
    onSubscribe: ({ raw, context: { res } }, params) =>
      subscribeTo(params, options, () =>
        options.makeContext(raw, { authorization: raw.headers.authorization, signal: whenClientLeaves(res) }),
      ),
    // It is printed as JSON, so the class of its errors is of no account.
    onNext: (_context, _request, result) => maskResult(result as ExecutionResult, options.mask) as ExecutionResult,
  });
  return (request, response) =>
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) throw error;
      // An event could not be written any more.
      options.log.debug({ err: error }, 'the client went away');
      response.destroy();
    });
}

/** Always a stream, of one result where there is no more to come: graphql-sse would execute anything else on its own. */
async function subscribeTo(
  request: SubscriptionRequest,
  options: SubscriptionOptions,
  makeContext: () => Promise<RequestContext>,
): Promise<AsyncIterable<ExecutionResult>> {
  const prepared = await prepareSubscription(options, request, { how: 'as event streams', makeContext });
  if (Array.isArray(prepared)) return only({ errors: prepared });
  const subscribed = await subscribeGuarded(prepared);
  // It has been accepted; how long it lasts says nothing of this server.
  options.operations.current()?.end();
  return Symbol.asyncIterator in subscribed ? subscribed : only(subscribed);
}

async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield result;
}

function foreignOrigin(origin = ''): AppError {
  return new AppError(
    'FORBIDDEN',
    `Pages of "${origin}" may not subscribe here: ALLOWED_ORIGINS names those of other sites that may.`,
  );
}

function stopping(): ServiceUnavailableError {
  return new ServiceUnavailableError('The server is stopping and opens no more streams: try again in a moment.');
}
