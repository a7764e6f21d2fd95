import { once } from 'node:events';
import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { scale } from '../support/harden-scale.js';
import { startHeldPhotographs, type HeldPhotographs } from '../support/held-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';
import { isNoMoreThan, whatIsHeld } from '../support/what-is-held.js';

const IDLE = scale(50, 500);
const ACTIVE = scale(10, 100);
const IMAGES = 20;

/** Images of a batch. So many more are let out at each step. */
const STEP = 5;

const STATUS = `subscription ($id: ID) {
  embeddingStatus(backfillId: $id) { sequence backfill { state counts { embedded } } }
}`;

interface Status {
  sequence: number;
  backfill: { state: string; counts: { embedded: number } };
}

/** One that follows a backfill. */
interface Follower {
  client: Client;
  events: Status[];
  faults: unknown[];
  hasEnded: boolean;
}

let shop: TestShop;
let photographs: HeldPhotographs;
const warnings: Error[] = [];
const noteWarning = (warning: Error): void => void warnings.push(warning);

beforeAll(async () => {
  process.on('warning', noteWarning);
  photographs = await startHeldPhotographs(IMAGES);
  const { catalog, host } = photographs;
  const env = { BATCH_SIZE: String(STEP), IMAGE_ALLOWED_PRIVATE_HOSTS: host.host };
  shop = await startTestShop({ catalog, env });
});

afterAll(async () => {
  process.off('warning', noteWarning);
  await shop.close();
  await photographs.close();
});

const socketUrl = (): string => `${shop.app.url.replace('http', 'ws')}graphql`;

/** A socket that is accepted and asks for nothing. */
async function openIdle(): Promise<WebSocket> {
  const socket = new WebSocket(socketUrl(), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  return socket;
}

function follow(id: string): Follower {
  const client = createClient({ url: socketUrl(), webSocketImpl: WebSocket, retryAttempts: 0 });
  const follower: Follower = { client, events: [], faults: [], hasEnded: false };
  client.subscribe<{ embeddingStatus: Status }>(
    { query: STATUS, variables: { id } },
    {
      next: ({ data }) => {
        if (data) follower.events.push(data.embeddingStatus);
      },
      error: (error) => follower.faults.push(error),
      complete: () => (follower.hasEnded = true),
    },
  );
  return follower;
}

const lastEmbedded = ({ events }: Follower): number => events.at(-1)?.backfill.counts.embedded ?? -1;

describe.runIf(process.platform === 'linux')(`${IDLE} idle and ${ACTIVE} active sockets on one server`, () => {
  it('are told of every step of a backfill beside requests that are answered, and leave nothing behind', async () => {
    await openIdle().then((socket) => {
      socket.terminate();
    });
    const before = whatIsHeld(shop.app.url);
    const idle = await Promise.all(Array.from({ length: IDLE }, openIdle));
    const closed = idle.map((socket) => once(socket, 'close'));
    const id = await shop.startBackfill();
    const followers = Array.from({ length: ACTIVE }, () => follow(id));
    await until('everybody has the first event', () => followers.every(({ events }) => events.length > 0));
    for (let embedded = STEP; embedded <= IMAGES; embedded += STEP) {
      photographs.release(STEP);
      await until(`everybody knows of ${embedded}`, () => followers.every((one) => lastEmbedded(one) === embedded));
      expect(await shop.query('{ similarToProduct(id: 1) { status } }')).toMatchObject({ status: 200 });
    }
    await until('everybody is told of the end', () => followers.every(({ hasEnded }) => hasEnded));
    for (const { events, faults } of followers) {
      expect(faults).toEqual([]);
      const sequences = events.map(({ sequence }) => sequence);
      expect(sequences).toEqual([...new Set(sequences)].toSorted((one, other) => one - other));
      expect(events.at(-1)).toMatchObject({ backfill: { state: 'COMPLETED', counts: { embedded: IMAGES } } });
    }
    expect(idle.every(({ readyState }) => readyState === WebSocket.OPEN)).toBe(true);
    for (const socket of idle) socket.close();
    await Promise.all([...closed, ...followers.map(async ({ client }) => client.dispose())]);
    await until('what the sockets opened is closed', () => isNoMoreThan(whatIsHeld(shop.app.url), before)).catch(() => {
      expect(whatIsHeld(shop.app.url)).toEqual(before);
    });
    expect(warnings).toEqual([]);
  });
});
