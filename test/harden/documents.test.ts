import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { SeededRandom } from '../../demo/seeded-random.js';
import { projectRoot } from '../../src/paths.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { ADMIN_TOKEN, launchServer, type ServerProcess } from '../support/server-process.js';
import { startProcessShop, type ProcessShop } from '../support/process-shop.js';
import { hostileBody } from './hostile-bodies.js';
import { hostileDocument } from './hostile-documents.js';
import { askByGet, askByPost, askBySocket, askByStream, type Answered } from './hostile-ways.js';

const REQUESTS = scale(240, 2000);
const AT_ONCE = 4;

/** What is promised, and what a short run on a machine that is busy with other tests can not miss. */
const MAX_DELAY_MS = scale(10_000, 100);

const LOG_ERROR = 50;

/** A stack, and what a client is told. What it has sent is nothing for the log. */
const MAX_LINE_LENGTH = 20_000;

let shop: ProcessShop;
let folder: string;
let server: ServerProcess;
let url: string;

beforeAll(async () => {
  shop = await startProcessShop();
  folder = mkdtempSync(join(tmpdir(), 'lookalike-documents-'));
  server = launchServer(join(projectRoot, inject('programs'), 'main.js'), {
    ...shop.env,
    ...{ DATA_DIR: folder, WORKERS: '0', RATE_LIMIT_SEARCHES: '0', RATE_LIMIT_UPLOADS: '0' },
  });
  url = await server.ready();
});

afterAll(async () => {
  await server.kill();
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Sent extends Answered {
  kind: string;
  way: string;
  ms: number;
}

/** By each way in turn, so that every kind of document comes by every way. */
async function send(index: number, random: SeededRandom): Promise<Sent> {
  const startedAt = performance.now();
  const done = async (kind: string, way: string, answer: Promise<Answered>): Promise<Sent> => ({
    kind,
    way,
    ...(await answer),
    ms: performance.now() - startedAt,
  });
  if (index % 5 === 4) {
    const { kind, body } = hostileBody(Math.floor(index / 5), random);
    return done(kind, 'POST', askByPost(url, body));
  }
  const { kind, ...request } = hostileDocument(index, random);
  switch (Math.floor(random.between(0, 6))) {
    case 0:
      return done(kind, 'GET', askByGet(url, request));
    case 1:
      return done(kind, 'stream', askByStream(url, request));
    case 2:
      return done(kind, 'socket', askBySocket(url, request));
    default:
      return done(kind, 'POST', askByPost(url, Buffer.from(JSON.stringify(request))));
  }
}

/** What a process tells of its own event loop since it was asked last, in milliseconds. */
async function eventLoopDelay(): Promise<{ p99: number; max: number }> {
  const response = await fetch(`${url}metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const text = await response.text();
  const ms = (name: string): number =>
    1000 * Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)$`, 'm').exec(text)?.[1]);
  return { p99: ms('p99'), max: ms('max') };
}

it('are answered with what is wrong with them, and hold nobody else up', async () => {
  const random = new SeededRandom(hardenSeed());
  await eventLoopDelay();
  const sent: Sent[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < REQUESTS) sent.push(await send(next++, random));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const delay = await eventLoopDelay();
  const slowest = sent.toSorted((one, other) => other.ms - one.ms).slice(0, 8);
  process.stdout.write(
    `${sent.length} documents; event-loop delay p99 ${delay.p99.toFixed(0)} ms, at most ${delay.max.toFixed(0)} ms; slowest:\n` +
      slowest.map(({ ms, kind, way }) => `  ${ms.toFixed(0)} ms  ${way}: ${kind}\n`).join(''),
  );
  const wrong = sent.filter(({ status, faults }) => status >= 500 || faults.length > 0);
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(server.lines.filter(({ level }) => level >= LOG_ERROR).slice(0, 10)).toEqual([]);
  expect(server.lines.filter((line) => JSON.stringify(line).length > MAX_LINE_LENGTH)).toEqual([]);
  expect(server.process.exitCode).toBeNull();
  expect(await askByPost(url, Buffer.from('{"query":"{ __typename }"}'))).toEqual({ status: 200, faults: [] });
  expect(delay.p99).toBeLessThan(MAX_DELAY_MS);
});
