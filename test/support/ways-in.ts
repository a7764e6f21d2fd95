import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { postStream } from './event-stream-client.js';

/** An error as clients see it. */
export interface SeenError {
  message: string;
  extensions: Record<string, unknown>;
}

/** A document, or all that a client may send of an operation. */
export type SentOperation =
  | string
  | {
      query?: string;
      documentId?: string;
      variables?: Record<string, unknown>;
      extensions?: Record<string, unknown>;
    };

/** Sends an operation with an `Authorization` value or without one, and gives the errors of its first answer. */
export type WayIn = (server: { url: string }, operation: SentOperation, authorization?: string) => Promise<SeenError[]>;

const partsOf = (operation: SentOperation) => (typeof operation === 'string' ? { query: operation } : operation);

const headersOf = (authorization?: string): Record<string, string> => (authorization ? { authorization } : {});

async function errorsIn(response: Response): Promise<SeenError[]> {
  const { errors = [] } = (await response.json()) as { errors?: SeenError[] };
  return errors;
}

const byPost: WayIn = async ({ url }, operation, authorization) =>
  errorsIn(
    await fetch(`${url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headersOf(authorization) },
      body: JSON.stringify(partsOf(operation)),
    }),
  );

const byGet: WayIn = async ({ url }, operation, authorization) =>
  errorsIn(
    await fetch(`${url}graphql?${addressOf(operation)}`, {
      headers: { 'apollo-require-preflight': 'true', ...headersOf(authorization) },
    }),
  );

function addressOf(operation: SentOperation): string {
  const parts = Object.entries(partsOf(operation)).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(Object.fromEntries(parts) as Record<string, string>).toString();
}

const byMultipart: WayIn = async ({ url }, operation, authorization) => {
  const body = new FormData();
  body.set('operations', JSON.stringify(partsOf(operation)));
  body.set('map', '{}');
  const headers = { 'apollo-require-preflight': 'true', ...headersOf(authorization) };
  return errorsIn(await fetch(`${url}graphql`, { method: 'POST', headers, body }));
};

const bySocket: WayIn = async ({ url }, operation, authorization) => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(authorization && { connectionParams: { authorization } }),
  });
  try {
    for await (const { errors } of client.iterate({ query: '', ...partsOf(operation) }))
      return (errors ?? []) as unknown as SeenError[];
    return [];
  } catch (errors) {
    return errors as SeenError[];
  } finally {
    await client.dispose();
  }
};

const byEventStream: WayIn = async (server, operation, authorization) => {
  const response = await postStream(server, { query: '', ...partsOf(operation) }, headersOf(authorization));
  if (!response.ok) return errorsIn(response);
  const data = /^data: (.+)$/m.exec(await firstEvent(response))?.[1] ?? '{}';
  return (JSON.parse(data) as { errors?: SeenError[] }).errors ?? [];
};

/** What comes until the first event is complete; the stream is broken off then. */
async function firstEvent({ body }: Response): Promise<string> {
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (/^data: .*\n\n/m.test(text)) break;
  }
  return text;
}

/** Ways of queries and mutations, by name. Mutations do not come by GET. */
export const REQUEST_WAYS = { 'by POST': byPost, 'by GET': byGet, 'by multipart': byMultipart };

/** Ways of subscriptions. */
export const SUBSCRIPTION_WAYS = { 'over WebSocket': bySocket, 'as an event stream': byEventStream };

/** Every way that an operation can come. */
export const WAYS_IN = { ...REQUEST_WAYS, ...SUBSCRIPTION_WAYS };
