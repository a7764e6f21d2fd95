import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Express, type Request } from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Log } from '../log.js';
import type { Observer, OperationObserver } from '../observer.js';
import type { RequestContext } from '../resolvers/context.js';
import type { ServerConfig } from '../server-config.js';
import type { Close } from '../types.js';
import { makeCallers, type Callers } from './access/callers.js';
import { makeClientAddress } from './access/client-address.js';
import { allowOrigins } from './access/cross-origin.js';
import { startApollo } from './apollo.js';
import { forbidCaching } from './cache-answers.js';
import { connectionLimits, refuseBadConnections } from './connection-limits.js';
import { settleDocument } from './documents/settle-document.js';
import { loadTrustedDocuments } from './documents/trusted-documents.js';
import { makeErrorMask, type ErrorMask } from './error-mask.js';
import { hideSuggestions } from './hide-suggestions.js';
import { HttpDrain } from './http-drain.js';
import { answerHttpErrors, refuseUnknownAddress } from './http-errors.js';
import { limitJson } from './limit-json.js';
import { listen } from './listen.js';
import { serveHealth } from './observability/health-endpoints.js';
import type { Health } from './observability/health.js';
import { forTokens, serveMetrics, type MetricsSource } from './observability/metrics-endpoint.js';
import { watchGate, watchOperations } from './observability/watch-operations.js';
import { OperationRoom } from './operation-room.js';
import type { OperationDemand } from './operations/operation-cost.js';
import { makeOperationGate, type AskedOperation } from './operations/operation-gate.js';
import { servePictures } from './page/pictures.js';
import { servePage } from './page/web-page.js';
import { makeClientRates, type ClientRates } from './rates/client-rates.js';
import { refuseSpentClients } from './rates/refuse-spent-clients.js';
import { promiseHttps, sendSecurityHeaders } from './security-headers.js';
import { ClientConnections } from './subscriptions/client-connections.js';
import { serveEventStreams } from './subscriptions/event-streams.js';
import { serveSockets } from './subscriptions/sockets.js';
import type { MakeContext, SubscriptionOptions } from './subscriptions/subscriptions.js';
import { turnAwayWhenFull } from './turn-away.js';
import { receiveUploads } from './uploads/receive-uploads.js';
import { whenClientLeaves } from './when-client-leaves.js';

export interface HttpServerOptions {
  config: ServerConfig;
  schema: GraphQLSchema;
  /** Folder of the built page; null where it is not built. */
  webRoot: string | null;
  /** Cap on the bytes of one photograph, uploaded or served. */
  maxImageBytes: number;
  /** Folder whose files are served under `/images/`; null serves none. */
  imageRoot: string | null;
  health: Health;
  metrics: MetricsSource;
  /** Who watches stages, and operations. */
  observer: Observer;
  operations: OperationObserver;
  /** What an operation gets beside who asks; made anew for each. */
  makeContext: () => Pick<RequestContext, 'loaders' | 'embeddingStatus'>;
  log: Log;
}

export interface HttpServer {
  /** Where it can be reached from this machine: `http://localhost:4000/`. */
  url: string;
  /**
   * Goes on for a moment, until those who send requests know that they are to send them elsewhere. Then closes the port, ends
   * sockets (1001) and event streams, and lets running operations come to their end.
   */
  close: Close;
}

/** A photograph in base64 may be in it. */
const MAX_JSON_BYTES = 8 * 1024 * 1024;

/**
 * Serves GraphQL over HTTP and WebSocket on `/graphql`, subscriptions as event streams too on `/graphql/stream`, pictures
 * under `/images/`, and the page at `/`.
 *
 * @throws AppError CONFLICT where the port is taken.
 * @throws ConfigError for a manifest of trusted documents that is not usable.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = express();
  const { config, schema, operations, log } = options;
  const room = new OperationRoom(config.maxOperations);
  const { allowedOrigins } = config.access;
  const serve = turnAwayWhenFull(app, { room, allowedOrigins, operations });
  const server = createServer(connectionLimits(config), serve);
  const drain = new HttpDrain(server);
  refuseBadConnections(server, log);
  const rates = makeClientRates(config.rateLimits);
  const checks = [({ context }: AskedOperation, demand: OperationDemand) => rates.charge(context, demand)];
  const { introspection, maxCost, trustedDocuments: manifest } = config.documents;
  const trusted = manifest === null ? null : await loadTrustedDocuments({ manifest, webRoot: options.webRoot }, schema);
  const gate = watchGate(makeOperationGate({ schema, trusted, introspection, maxCost, checks }), operations);
  const mask = maskFor(config, makeErrorMask(log, operations));
  const callers = makeCallers(config);
  const contextFor = makeContextFor(options, callers);
  const registration = trusted === null;
  const { cacheSeconds } = config;
  const apollo = await startApollo({ schema, gate, introspection, registration, cacheSeconds, mask, log });
  const connections = new ClientConnections(makeClientAddress(config.trustProxy));
  const watched = { connections, operations, mask, log };
  const subscriptions = { schema, gate, introspection, allowedOrigins, makeContext: contextFor, ...watched };
  const closeStreams = buildApp(app, {
    ...options,
    room,
    apollo,
    callers,
    rates,
    contextFor,
    mask,
    subscriptions,
    registration,
  });
  const url = await listen(server, { host: config.host, port: config.port, variable: 'PORT' }).catch(
    async (error: unknown) => {
      await apollo.stop().catch(() => undefined);
      throw error;
    },
  );
  // Such as too many open files when a connection comes in: no reason to end the process.
  server.on('error', (error) => {
    log.error({ err: error }, 'HTTP server error');
  });
  const closeSockets = serveSockets(server, subscriptions);
  return {
    url,
    close: async () => {
      drain.begin();
      await sleep(config.stopDelayMs);
      await Promise.all([closeSockets(), closeStreams(), drain.end()]);
      await apollo.stop();
    },
  };
}

function maskFor({ documents }: ServerConfig, mask: ErrorMask): ErrorMask {
  return documents.introspection ? mask : hideSuggestions(mask);
}

function makeContextFor({ makeContext, operations, log }: HttpServerOptions, callers: Callers): MakeContext {
  return async (request, { authorization, signal }) => ({
    ...makeContext(),
    ...(await callers.of(request, authorization)),
    log: operations.current()?.log ?? log,
    signal,
  });
}

interface AppParts extends HttpServerOptions {
  room: OperationRoom;
  apollo: ApolloServer<RequestContext>;
  callers: Callers;
  rates: ClientRates;
  contextFor: MakeContext;
  mask: ErrorMask;
  subscriptions: SubscriptionOptions;
  /** Whether clients may register documents. */
  registration: boolean;
}

/** @returns A close that ends the event streams. */
function buildApp(app: Express, parts: AppParts): Close {
  const { access, trustProxy } = parts.config;
  app.disable('x-powered-by').set('trust proxy', trustProxy);
  app.use(sendSecurityHeaders, promiseHttps, ...allowOrigins(access.allowedOrigins));
  serveHealth(app, parts.health);
  const viewerOf = async (request: Request) => (await parts.callers.of(request, request.headers.authorization)).viewer;
  serveMetrics(app, parts.metrics, forTokens(viewerOf));
  app.use('/graphql', forbidCaching, watchOperations(parts.operations), parts.callers.admit);
  const closeStreams = serveEventStreams(app, parts.subscriptions);
  app.use(
    '/graphql',
    refuseSpentClients(parts.callers, parts.rates),
    receiveUploads({ maxFileBytes: parts.maxImageBytes, maxFiles: 1 }, parts.observer),
    express.json({ limit: MAX_JSON_BYTES, verify: (_request, _response, json) => limitJson(json) }),
    parts.room.enter,
    settleDocument({ sourceOf: (asked) => parts.subscriptions.gate.sourceOf(asked), registration: parts.registration }),
    (request, _response, next) => {
      // Apollo answers a request without a body in its own words; the integration only needs the field to be there.
      request.body ??= undefined;
      next();
    },
    expressMiddleware(parts.apollo, {
      context: async ({ req, res }) =>
        parts.contextFor(req, { authorization: req.headers.authorization, signal: whenClientLeaves(res) }),
    }),
  );
  if (parts.imageRoot !== null) {
    app.use('/images', servePictures({ root: parts.imageRoot, maxBytes: parts.maxImageBytes }));
  }
  servePage(app, { webRoot: parts.webRoot, graphiql: parts.config.graphiql });
  app.use(refuseUnknownAddress);
  app.use(answerHttpErrors(parts.mask));
  return closeStreams;
}
