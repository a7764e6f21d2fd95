import WebSocket from 'ws';
import type { HostileRequest } from './hostile-documents.js';

/** How a hostile request was answered. */
export interface Answered {
  status: number;
  /** What is wrong with the answer. */
  faults: string[];
}

type Asked = Omit<HostileRequest, 'kind'>;

const MASKED = 'INTERNAL_SERVER_ERROR';

/** Every error needs a message and a code, and none may be one that nobody has foreseen. */
function faultsOfErrors(errors: unknown, where: string): string[] {
  if (!Array.isArray(errors) || errors.length === 0) return [`${where}: errors are ${JSON.stringify(errors)}`];
  return (errors as { message?: unknown; extensions?: { code?: unknown } }[]).flatMap(({ message, extensions }) => {
    const isGood = typeof message === 'string' && typeof extensions?.code === 'string' && extensions.code !== MASKED;
    return isGood ? [] : [`${where}: ${JSON.stringify({ message, extensions })}`];
  });
}

function faultsOfResult(text: string): string[] {
  try {
    const result = JSON.parse(text) as { data?: unknown; errors?: unknown };
    if (result.errors !== undefined) return faultsOfErrors(result.errors, 'result');
    return typeof result.data === 'object' && result.data !== null ? [] : [`no data: ${text.slice(0, 200)}`];
  } catch {
    return [`no JSON: ${text.slice(0, 200)}`];
  }
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    return { status: response.status, faults: faultsOfResult(text) };
  }
  const results = [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(([, data = '']) => data);
  return { status: response.status, faults: results.flatMap(faultsOfResult) };
}

const JSON_TYPE = { 'content-type': 'application/json' };

export async function askByPost(url: string, body: Buffer): Promise<Answered> {
  const init = { method: 'POST', headers: JSON_TYPE, body: new Uint8Array(body) };
  return answered(await fetch(`${url}graphql`, init));
}

export async function askByGet(url: string, { query, variables, operationName }: Asked): Promise<Answered> {
  const parameters = new URLSearchParams({ query });
  if (variables !== undefined) parameters.set('variables', JSON.stringify(variables));
  if (typeof operationName === 'string') parameters.set('operationName', operationName);
  const headers = { 'apollo-require-preflight': 'true' };
  return answered(await fetch(`${url}graphql?${parameters.toString()}`, { headers }));
}

/** The status of the run ends by itself where no run is going on only after a while: what is right is broken off. */
const PATIENCE_MS = 2000;

export async function askByStream(url: string, request: Asked): Promise<Answered> {
  const response = await fetch(`${url}graphql/stream`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return answered(response);
}

/** Most are refused; a socket that is closed was closed for what a message was. */
export async function askBySocket(url: string, request: Asked): Promise<Answered> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    const end = (faults: string[]): void => {
      socket.terminate();
      resolve({ status: 200, faults });
    };
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init' }));
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: request }));
    });
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as { type: string; payload: unknown };
      if (type === 'error') end(faultsOfErrors(payload, 'socket'));
      else if (type !== 'connection_ack') end([`a message of type ${type}`]);
    });
    socket.on('close', (code) => {
      end([4400, 1009].includes(code) ? [] : [`closed with ${code}`]);
    });
    socket.on('error', reject);
  });
}
