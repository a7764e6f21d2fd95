import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Close } from '../../src/types.js';
import { knownPhotograph } from './chaos-photographs.js';

/** What a host sees of whoever fetches from it. */
export type FetchStage = 'connecting' | 'mid-body' | 'downloaded';

/** What a host sends for the photograph of a number: `gone` is a 404, `busy` a 503, `cut off` half of it. */
export type Sent = Buffer | 'gone' | 'busy' | 'reset' | 'cut off';

export interface ChaosImageHostOptions {
  /** Called at each stage of each request; the host waits for it. */
  reached?: (stage: FetchStage) => Promise<void>;
  /** What to send; the number's own photograph by default. May take its time. */
  send?: (number: number) => Promise<Sent> | Sent;
}

/** A host that has `<number>.jpg` for every number, and tells how far each has come. */
export interface ChaosImageHost {
  /** `http://127.0.0.1:port/`. */
  url: string;
  host: string;
  /** How many requests came. */
  requestCount(): number;
  close: Close;
}

/** The photograph of a number. */
export const ownPhotograph = async (number: number): Promise<Buffer> => (await knownPhotograph(number)).bytes;

export async function startChaosImageHost(options: ChaosImageHostOptions = {}): Promise<ChaosImageHost> {
  const { reached = () => Promise.resolve(), send = ownPhotograph } = options;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void answer({ request, response, reached, send });
  });
  server.on('connection', () => void reached('connecting'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${host}/`, host, requestCount: () => requests, close };
}

interface Exchange extends Required<ChaosImageHostOptions> {
  request: IncomingMessage;
  response: ServerResponse;
}

async function answer({ request, response, reached, send }: Exchange): Promise<void> {
  const number = Number(/\/(\d+)\.jpg/.exec(request.url ?? '')?.[1]);
  const sent = await send(number);
  if (sent === 'reset') request.socket.resetAndDestroy();
  else if (sent === 'gone') response.writeHead(404).end();
  else if (sent === 'busy') response.writeHead(503).end();
  else if (sent === 'cut off') await cutOff(response, await ownPhotograph(number));
  else await sendInHalves(response, sent, reached);
}

async function cutOff(response: ServerResponse, bytes: Buffer): Promise<void> {
  await sendHalf(response, bytes);
  response.socket?.resetAndDestroy();
}

/** @returns The other half. */
async function sendHalf(response: ServerResponse, bytes: Buffer): Promise<Buffer> {
  const half = Math.floor(bytes.length / 2);
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length });
  await new Promise((flushed) => response.write(bytes.subarray(0, half), flushed));
  return bytes.subarray(half);
}

async function sendInHalves(response: ServerResponse, bytes: Buffer, reached: Exchange['reached']): Promise<void> {
  const rest = await sendHalf(response, bytes);
  await reached('mid-body');
  response.end(rest, () => void reached('downloaded'));
}
