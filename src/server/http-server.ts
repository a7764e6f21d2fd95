import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import express, { type Express } from 'express';
import type { GraphQLSchema } from 'graphql';
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import type { RequestContext } from '../resolvers/context.js';
import type { Close } from '../types.js';
import { maskError } from './error-mask.js';
import { serveEventStreams } from './event-streams.js';
import { answerHttpErrors, refuseUnknownAddress } from './http-errors.js';
import { servePictures } from './pictures.js';
import { limitDocument } from './limit-document.js';
import type { FrontPageOptions } from './front-page.js';
import { serveSockets } from './sockets.js';
import type { SubscriptionOptions } from './subscriptions.js';
import { receiveUploads } from './uploads.js';
import { viewerOf } from './viewer.js';
import { servePage } from './web-page.js';
import { whenClientLeaves } from './when-client-leaves.js';

export interface HttpServerOptions extends FrontPageOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  schema: GraphQLSchema;
  adminToken: string;
  allowedOrigins: readonly string[];
  /** Cap on the bytes of one photograph, uploaded or served. */
  maxImageBytes: number;
  /** Folder whose files are served under `/images/`; null serves none. */
  imageRoot: string | null;
  /** What an operation gets beside who asks; made anew for each. */
  makeContext: () => Pick<RequestContext, 'loaders' | 'embeddingStatus'>;
  log: Log;
}

export interface HttpServer {
  /** Where it can be reached from this machine: `http://localhost:4000/`. */
  url: string;
  /** Ends sockets (1001) and event streams, lets running operations come to their end, then closes the port. */
  close: Close;
}

/** A photograph in base64 may be in it. */
const MAX_JSON_BYTES = 8 * 1024 * 1024;

/** Without what is in its variables a request is far smaller. */
const MAX_DOCUMENT_CHARACTERS = 1024 * 1024;

/**
 * Serves GraphQL over HTTP and WebSocket on `/graphql`, subscriptions as event streams too on `/graphql/stream`, pictures
 * under `/images/`, and the page at `/`.
 *
 * @throws AppError CONFLICT where the port is taken.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = express();
  const server = createServer(app);
  const contextFor = (authorization: unknown, signal: AbortSignal): RequestContext => ({
    ...options.makeContext(),
    viewer: viewerOf(authorization, options.adminToken),
    log: options.log,
    signal,
  });
  const apollo = await startApollo(server, options);
  const { schema, allowedOrigins, log } = options;
  const subscriptions = { schema, allowedOrigins, makeContext: contextFor, log };
  const closeStreams = buildApp(app, { ...options, apollo, contextFor, subscriptions });
  const url = await listen(server, options).catch(async (error: unknown) => {
    await apollo.stop().catch(() => undefined);
    throw error;
  });
  // Such as too many open files when a connection comes in: no reason to end the process.
  server.on('error', (error) => {
    log.error({ err: error }, 'HTTP server error');
  });
  const closeSockets = serveSockets(server, subscriptions);
  return {
    url,
    close: async () => {
      await closeSockets();
      await closeStreams();
      await apollo.stop();
    },
  };
}

async function startApollo(server: Server, options: HttpServerOptions): Promise<ApolloServer<RequestContext>> {
  const apollo = new ApolloServer<RequestContext>({
    schema: options.schema,
    formatError: (formatted, error) => maskError(error, formatted, options.log),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    maxRecursiveSelections: true,
    csrfPrevention: true,
    introspection: true,
    logger: quiet(options.log),
    plugins: [ApolloServerPluginDrainHttpServer({ httpServer: server }), ApolloServerPluginLandingPageDisabled()],
  });
  await apollo.start();
  return apollo;
}

/** Apollo's own lines are for whoever debugs Apollo. */
function quiet(log: Log) {
  const at = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => {
    log[level]({ from: 'apollo' }, String(message));
  };
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('error') };
}

interface AppParts extends HttpServerOptions {
  apollo: ApolloServer<RequestContext>;
  contextFor: (authorization: unknown, signal: AbortSignal) => RequestContext;
  subscriptions: SubscriptionOptions;
}

/** @returns A close that ends the event streams. */
function buildApp(app: Express, parts: AppParts): Close {
  app.disable('x-powered-by');
  if (parts.allowedOrigins.length > 0) {
    app.use(cors({ origin: parts.allowedOrigins.includes('*') ? '*' : [...parts.allowedOrigins] }));
  }
  const closeStreams = serveEventStreams(app, parts.subscriptions);
  app.use(
    '/graphql',
    receiveUploads({ maxFileBytes: parts.maxImageBytes, maxFiles: 1 }),
    express.json({ limit: MAX_JSON_BYTES }),
    limitDocument(MAX_DOCUMENT_CHARACTERS),
    (request, _response, next) => {
      // Apollo answers a request without a body in its own words; the integration only needs the field to be there.
      request.body ??= undefined;
      next();
    },
    expressMiddleware(parts.apollo, {
      context: async ({ req, res }) => parts.contextFor(req.headers.authorization, whenClientLeaves(res)),
    }),
  );
  if (parts.imageRoot !== null) {
    app.use('/images', servePictures({ root: parts.imageRoot, maxBytes: parts.maxImageBytes }));
  }
  servePage(app, parts);
  app.use(refuseUnknownAddress);
  app.use(answerHttpErrors(parts.log));
  return closeStreams;
}

async function listen(server: Server, { host, port }: HttpServerOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(cannotListen(cause, port));
    });
    server.listen(port, host, resolve);
  });
  const { port: actualPort, address } = server.address() as AddressInfo;
  return `http://${nameOf(address)}:${actualPort}/`;
}

function cannotListen(cause: NodeJS.ErrnoException, port: number): AppError {
  const message =
    cause.code === 'EADDRINUSE'
      ? `Port ${port} is in use by another program. Stop it, or set PORT to a free one.`
      : `Port ${port} can't be opened (${cause.code ?? cause.message}). Set PORT and HOST to ones that can.`;
  return new AppError('CONFLICT', message, { logLevel: 'error', cause });
}

/** A name that a person can open on this machine. */
function nameOf(address: string): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address)) return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}
