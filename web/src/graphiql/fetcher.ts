import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { OperationTypeNode, type ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { readAdminToken } from '../admin-token.js';
import { operationOf } from './operation-of.js';
import { requestHeaders } from './request-headers.js';

const PATH = '/graphql';
const LONGEST_WAIT_MS = 10_000;

/** Asks for GraphiQL: subscriptions over WebSocket, which the server keeps for them, and all else over HTTP. */
export const fetcher: Fetcher = (asked, { headers: typed = {} } = {}) => {
  const headers = requestHeaders(typed, readAdminToken());
  const operation = operationOf(asked.query, asked.operationName);
  if (operation === null) return ask(asked, headers);
  const params = { ...asked, operationName: operation.name?.value ?? null };
  return operation.operation === OperationTypeNode.SUBSCRIPTION ? subscribe(params, headers) : ask(params, headers);
};

async function ask(params: FetcherParams, headers: Headers): Promise<ExecutionResult> {
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  if (!headers.has('accept')) headers.set('accept', 'application/graphql-response+json, application/json;q=0.9');
  const response = await fetch(PATH, { method: 'POST', headers, body: JSON.stringify(params) }).catch(
    (cause: unknown) => {
      throw sentence(`No answer came from ${PATH}. Is the server running?`, cause);
    },
  );
  const body = await response.text();
  try {
    return JSON.parse(body) as ExecutionResult;
  } catch (cause) {
    throw sentence(`${PATH} answered with status ${response.status}, and with something other than JSON.`, cause);
  }
}

/** Each has a socket of its own, since a socket says but once, when it is opened, who asks. */
function subscribe(params: FetcherParams, headers: Headers): AsyncIterable<ExecutionResult> {
  let wasConnected = false;
  const client = createClient({
    url: new URL(PATH, location.href).href.replace(/^http/, 'ws'),
    connectionParams: Object.fromEntries(headers),
    retryAttempts: Infinity,
    // One that never came about is told of; one that is lost comes back by itself.
    shouldRetry: () => wasConnected,
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT_MS, 500 * 2 ** retries))),
    on: { connected: () => (wasConnected = true) },
  });
  // Errors come as they are written, which is all that GraphiQL wants of them.
  const events = client.iterate(params) as AsyncIterator<ExecutionResult>;
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => events.next().catch(throwSentence),
      return: () => events.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    }),
  };
}

/** Errors of an answer are told as they are; of a closed socket there is only a number. */
function throwSentence(error: unknown): never {
  if (!(error instanceof CloseEvent)) throw error;
  const { code, reason } = error;
  throw sentence(`The WebSocket of the subscription was closed with code ${code}${reason && `: ${reason}`}.`, error);
}

/** GraphiQL would show the stack too, which says nothing to whoever reads the sentence. */
function sentence(message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { stack: undefined });
}
