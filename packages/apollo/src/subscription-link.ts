import { ApolloLink, Observable } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { print } from 'graphql';
import { createClient as createStreamClient, type Client as StreamClient } from 'graphql-sse';
import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws';

/** Whether subscriptions get through at the moment. `idle` where there are none. */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'lost';

export interface SubscriptionLinkOptions {
  /** Absolute address of the API over HTTP: `https://search.example/graphql`. */
  url: string;
  /** The value of `Authorization`, asked for at every connection; null sends none. */
  authorization: () => string | null;
  onConnectionChange?: ((state: ConnectionState) => void) | undefined;
  /** For programs whose runtime has no `WebSocket`: Node 20 has none. */
  webSocketImpl?: unknown;
  fetch?: typeof fetch | undefined;
}

export interface SubscriptionLink {
  link: ApolloLink;
  /** Ends what is open. */
  close: () => void;
}

/** A ping that has no answer after this long means that the line is dead, though nobody has said so. */
const PONG_TIMEOUT_MS = 5_000;
const PING_EVERY_MS = 10_000;
const LONGEST_WAIT_MS = 10_000;

/** Who has followed one backfill to its end goes on to follow the next; the socket is kept for that. */
const IDLE_SOCKET_MS = 3_000;

/** Subscriptions over WebSocket, by graphql-ws; comes back for as long as somebody listens, whatever ended the socket. */
export function makeSocketLink(options: SubscriptionLinkOptions): SubscriptionLink {
  const tell = options.onConnectionChange ?? (() => undefined);
  let pongDue: ReturnType<typeof setTimeout> | undefined;
  const client: SocketClient = createSocketClient({
    url: options.url.replace(/^http/, 'ws'),
    connectionParams: () => withAuthorization('authorization', options.authorization()),
    webSocketImpl: options.webSocketImpl,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: waitBeforeRetry,
    keepAlive: PING_EVERY_MS,
    lazyCloseTimeout: IDLE_SOCKET_MS,
    on: {
      connecting: () => tell('connecting'),
      connected: () => tell('connected'),
      closed: (event) => {
        clearTimeout(pongDue);
        tell(wasWanted(event) ? 'idle' : 'lost');
      },
      ping: (isReceived) => {
        if (!isReceived) pongDue = setTimeout(() => client.terminate(), PONG_TIMEOUT_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongDue);
      },
    },
  });
  return { link: new GraphQLWsLink(client), close: () => void client.dispose() };
}

/** Subscriptions as server-sent events, for networks that break WebSockets. */
export function makeStreamLink(options: SubscriptionLinkOptions): SubscriptionLink {
  const tell = options.onConnectionChange ?? (() => undefined);
  const client = createStreamClient({
    url: `${options.url}/stream`,
    headers: () => withAuthorization('Authorization', options.authorization()),
    fetchFn: options.fetch,
    retryAttempts: Infinity,
    retry: async (retries) => {
      tell('lost');
      await waitBeforeRetry(retries);
    },
    on: { connecting: () => tell('connecting'), connected: () => tell('connected') },
  });
  return { link: new EventStreamLink(client), close: () => client.dispose() };
}

class EventStreamLink extends ApolloLink {
  constructor(private readonly client: StreamClient) {
    super();
  }

  override request(operation: ApolloLink.Operation): Observable<ApolloLink.Result> {
    const { operationName = '', variables } = operation;
    return new Observable((observer) =>
      this.client.subscribe<ApolloLink.Result['data']>(
        { query: print(operation.query), operationName, variables },
        {
          next: (result) => observer.next(result as ApolloLink.Result),
          error: (error) => observer.error(error),
          complete: () => observer.complete(),
        },
      ),
    );
  }
}

/** Twice as long each time, and by chance, so that a server that comes back is not met by all its clients at once. */
function waitBeforeRetry(retries: number): Promise<void> {
  const longestMs = Math.min(LONGEST_WAIT_MS, 500 * 2 ** retries);
  const waitMs = longestMs / 2 + (Math.random() * longestMs) / 2;
  return new Promise((resolve) => setTimeout(resolve, waitMs));
}

function wasWanted(event: unknown): boolean {
  return (event as { code?: number }).code === 1000;
}

function withAuthorization(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
