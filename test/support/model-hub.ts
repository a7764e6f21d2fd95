import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundledModelFolder } from '../../src/services/clip/clip-models.js';

/** What goes wrong with a file. */
export type HubFault =
  /** Every request for it gets this answer. */
  | { kind: 'status'; status: number; errorCode?: string }
  /** The connection breaks after so many bytes, as many times as said, each time further on. */
  | { kind: 'cut'; afterBytes: number; times: number }
  /** Other bytes come than were announced. */
  | { kind: 'damaged' }
  /** The answer begins and then nothing more comes. */
  | { kind: 'silent' };

export interface HubRequest {
  method: string;
  path: string;
  range: string | null;
  authorization: string | null;
}

export interface ModelHub {
  /** The base address, ending in a slash: what `HF_ENDPOINT` takes. */
  endpoint: string;
  /** The id of the one model it has. */
  modelId: string;
  requests: HubRequest[];
  faults: Map<string, HubFault>;
  /** Base address of the storage that it refers to for large files; its own unless set. */
  storage: string;
  /** Folders whose files it has together. */
  folders: string[];
  close(): Promise<void>;
}

/** Above this the hub keeps a file in its storage and redirects there. */
const LARGE_FILE_BYTES = 1_000_000;

/**
 * A hub on loopback that has one model as `acme/tiny-clip`, the bundled one unless `folders` have another, with the real hub's
 * addresses, headers and redirects.
 */
export async function startModelHub(folders = [bundledModelFolder]): Promise<ModelHub> {
  const hub: HubState = { modelId: 'acme/tiny-clip', requests: [], faults: new Map(), storage: '/', folders };
  const server = createServer((request, response) => {
    void answer(hub, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(hub, { endpoint: `http://127.0.0.1:${port}/`, close: async () => close(server) });
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

type HubState = Pick<ModelHub, 'modelId' | 'requests' | 'faults' | 'storage' | 'folders'>;

async function answer(hub: HubState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  note(hub, request, path);
  const file = fileOf(path, hub.modelId);
  const fault = hub.faults.get(file ?? '');
  if (file === null) {
    refuse(response, { status: 401, errorCode: 'RepoNotFound' });
    return;
  }
  if (fault?.kind === 'status') {
    refuse(response, fault);
    return;
  }
  const stored = hub.folders.map((folder) => join(folder, file)).find(existsSync);
  if (stored === undefined) {
    refuse(response, { status: 404, errorCode: 'EntryNotFound' });
    return;
  }
  const bytes = await readFile(stored);
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  if (path.startsWith('/storage/') || bytes.length < LARGE_FILE_BYTES) {
    send(hub, { file, bytes, etag }, { request, response });
    return;
  }
  const headers = { 'x-linked-etag': etag, 'x-linked-size': bytes.length, location: `${hub.storage}storage/${file}` };
  response.writeHead(302, headers).end();
}

function note(hub: HubState, { method, headers }: IncomingMessage, path: string): void {
  const { range = null, authorization = null } = headers;
  hub.requests.push({ method: method ?? '', path, range, authorization });
}

function fileOf(path: string, modelId: string): string | null {
  const prefix = [`/${modelId}/resolve/main/`, '/storage/'].find((start) => path.startsWith(start));
  return prefix === undefined ? null : path.slice(prefix.length);
}

function refuse(response: ServerResponse, { status, errorCode }: { status: number; errorCode?: string }): void {
  response.writeHead(status, errorCode === undefined ? {} : { 'x-error-code': errorCode }).end('no');
}

interface Content {
  file: string;
  bytes: Buffer;
  etag: string;
}

function send(
  hub: HubState,
  { file, bytes, etag }: Content,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const begin = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = bytes.subarray(begin);
  const range = begin > 0 ? { 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(begin > 0 ? 206 : 200, { etag, 'content-length': rest.length, ...range });
  if (request.method === 'HEAD') response.end();
  else sendBody(hub, { file, rest, begin }, response);
}

function sendBody(
  hub: HubState,
  { file, rest, begin }: { file: string; rest: Buffer; begin: number },
  response: ServerResponse,
): void {
  const fault = hub.faults.get(file);
  if (fault?.kind === 'silent') response.flushHeaders();
  else if (fault?.kind === 'damaged') response.end(Buffer.alloc(rest.length, 1));
  else if (fault?.kind === 'cut' && fault.times > 0) {
    fault.times -= 1;
    const sent = rest.subarray(0, Math.max(0, fault.afterBytes - begin));
    fault.afterBytes *= 2;
    // Written first and broken off then: bytes that are not on the wire yet would go down with the connection.
    response.write(sent, () => setImmediate(() => response.destroy()));
  } else response.end(rest);
}
