import { createClient, type Client, type RequestParams } from 'graphql-sse';

const clients: Client[] = [];

/** Ends every client that was connected. */
export function disposeClients(): void {
  for (const client of clients.splice(0)) client.dispose();
}

/** A client of graphql-sse that does not try again. */
export function connect(server: { url: string }, headers: Record<string, string> = {}): Client {
  const client = createClient({ url: streamUrl(server), headers, retryAttempts: 0 });
  clients.push(client);
  return client;
}

export const streamUrl = ({ url }: { url: string }) => `${url}graphql/stream`;

/** All results of a subscription, once it has ended. */
export async function collect(client: Client, params: RequestParams): Promise<unknown[]> {
  const results = [];
  for await (const result of client.iterate(params)) results.push(result);
  return results;
}

export interface GetOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Subscribes as a page does with `new EventSource(url)`. */
export function getStream(
  server: { url: string },
  params: Record<string, string>,
  { headers, ...rest }: GetOptions = {},
) {
  const url = `${streamUrl(server)}?${new URLSearchParams(params).toString()}`;
  return fetch(url, { ...rest, headers: { accept: 'text/event-stream', ...headers } });
}

/** Subscribes as a program does, with a JSON body. */
export function postStream(server: { url: string }, body: unknown, headers: Record<string, string> = {}) {
  return fetch(streamUrl(server), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
