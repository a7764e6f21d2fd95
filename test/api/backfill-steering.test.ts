import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  openJobs,
  seenBackfill,
  startPayload,
  steer,
  steerMutation,
  type Command,
} from '../support/backfill-operations.js';
import { startReplica } from '../support/replica.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;

/** Nobody works here, so that a run stays in the state that it was given. */
beforeAll(async () => {
  shop = await startTestShop({ products: 3, env: { WORKERS: '0' } });
});

afterEach(() => shop.vectors.query('truncate embedding_backfills cascade'));

afterAll(() => shop.close());

async function startRun(): Promise<string> {
  return String((await startPayload(shop)).backfill?.id);
}

/** A run in a state; its one job is with a worker where it runs. */
async function runIn(state: string): Promise<string> {
  const id = await startRun();
  const isFinal = ['COMPLETED', 'CANCELLED', 'FAILED'].includes(state);
  await shop.vectors.query(
    `update embedding_backfills set state = $2::text, started_at = now(),
       finished_at = case when $3::bool then now() end, error = case when $2::text = 'FAILED' then 'It failed.' end
     where id = $1::uuid`,
    [id, state, isFinal],
  );
  await shop.vectors.query(
    `update embedding_backfill_jobs set worker_id = $2::uuid, lease_expires_at = now() + interval '1 hour'
     where $3::text = 'RUNNING' and backfill_id = $1::uuid`,
    [id, randomUUID(), state],
  );
  return id;
}

const CHANGES: [Command, string, string][] = [
  ['pause', 'PENDING', 'PAUSED'],
  ['pause', 'RUNNING', 'PAUSED'],
  ['pause', 'PAUSED', 'PAUSED'],
  ['resume', 'PENDING', 'PENDING'],
  ['resume', 'RUNNING', 'RUNNING'],
  ['resume', 'PAUSED', 'PENDING'],
  ['cancel', 'PENDING', 'CANCELLED'],
  ['cancel', 'RUNNING', 'CANCELLED'],
  ['cancel', 'PAUSED', 'CANCELLED'],
  ['cancel', 'CANCELLED', 'CANCELLED'],
];

const REFUSALS: [Command, string, string][] = [
  ['pause', 'COMPLETED', 'paused'],
  ['pause', 'CANCELLED', 'paused'],
  ['pause', 'FAILED', 'paused'],
  ['resume', 'COMPLETED', 'resumed'],
  ['resume', 'CANCELLED', 'resumed'],
  ['resume', 'FAILED', 'resumed'],
  ['cancel', 'COMPLETED', 'cancelled'],
  ['cancel', 'FAILED', 'cancelled'],
];

const COMMANDS: Command[] = ['pause', 'resume', 'cancel'];

describe('a command', () => {
  it.each(CHANGES)(
    '%s brings a run that is %s to %s, and changes nothing the second time',
    async (command, from, to) => {
      const id = await runIn(from);
      const first = await steer(shop, command, id);
      expect(first).toMatchObject({ backfill: { id, state: to }, userErrors: [] });
      expect(first.backfill?.finishedAt === null).toBe(to !== 'CANCELLED');
      expect(await steer(shop, command, id)).toEqual(first);
    },
  );

  it.each(REFUSALS)('%s is refused for a run that is %s, which stays as it is', async (command, state, participle) => {
    const id = await runIn(state);
    const before = await seenBackfill(shop, id);
    const message = `The backfill ${id} is ${state} and can't be ${participle} any more.`;
    const userErrors = [{ field: ['input', 'id'], code: 'CONFLICT', message }];
    expect(await steer(shop, command, id)).toEqual({ backfill: before, userErrors });
    expect(await steer(shop, command, id)).toEqual({ backfill: before, userErrors });
  });

  it.each(COMMANDS)('%s knows no run that there is not', async (command) => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'none', '', "'; drop table x; --", '\u0000']) {
      const message = `There is no backfill with the id "${id}".`;
      expect(await steer(shop, command, id)).toEqual({
        backfill: null,
        userErrors: [{ field: ['input', 'id'], code: 'NOT_FOUND', message }],
      });
    }
  });

  it.each(COMMANDS)('%s needs the admin token, and does nothing without it', async (command) => {
    const id = await runIn('PAUSED');
    const { errors } = await shop.query(steerMutation(command), { id });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await seenBackfill(shop, id)).toMatchObject({ state: 'PAUSED' });
  });

  it('that comes many times at once is done once', async () => {
    const id = await startRun();
    const paused = await Promise.all(Array.from({ length: 5 }, () => steer(shop, 'pause', id)));
    expect(paused.map(({ backfill }) => backfill?.state)).toEqual(Array.from({ length: 5 }, () => 'PAUSED'));
    const resumed = await Promise.all(Array.from({ length: 5 }, () => steer(shop, 'resume', id)));
    expect(resumed.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const ended = await Promise.all(Array.from({ length: 5 }, () => steer(shop, 'cancel', id)));
    expect(new Set(ended.map(({ backfill }) => backfill?.finishedAt)).size).toBe(1);
  });
});

describe('a run that nobody works on', () => {
  it('may be paused before it begins, waits through the looks of workers, and begins once it is resumed', async () => {
    const id = await startRun();
    await steer(shop, 'pause', id);
    const replica = await startReplica(shop, { workers: 1 });
    try {
      // A worker that meets the job of a paused run takes it out of the queue.
      await until('a worker has met the job', async () =>
        (await openJobs(shop, id)).every(({ isQueued }) => !isQueued),
      );
      expect(await seenBackfill(shop, id)).toMatchObject({ state: 'PAUSED', startedAt: null, counts: { total: null } });
      expect(await openJobs(shop, id)).toEqual([{ kind: 'PLAN', isHeld: false, isQueued: false }]);
      await steer(shop, 'resume', id);
      expect(await shop.endOf(id)).toMatchObject({ state: 'COMPLETED', counts: { embedded: 3 } });
    } finally {
      await replica.app.close();
    }
  });

  it('is in the way of a second one, which is told of it', async () => {
    const id = await startRun();
    for (const state of ['PENDING', 'RUNNING', 'PAUSED']) {
      await shop.vectors.query('update embedding_backfills set state = $1::text', [state]);
      const second = await startPayload(shop, { scope: 'ALL' });
      const message = `The backfill ${id} is ${state} for this model. Wait until it has ended, or cancel it.`;
      expect(second).toMatchObject({ backfill: { id, state, scope: 'MISSING' }, estimate: null });
      expect(second.userErrors).toEqual([{ field: null, code: 'CONFLICT', message }]);
    }
  });

  it('is one, also where many are asked for at once', async () => {
    const starts = await Promise.all(Array.from({ length: 5 }, () => startPayload(shop)));
    expect(new Set(starts.map(({ backfill }) => backfill?.id)).size).toBe(1);
    expect(starts.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  });

  it('makes room for the next as soon as it is cancelled', async () => {
    const first = await startRun();
    await steer(shop, 'cancel', first);
    const { backfill, userErrors } = await startPayload(shop);
    expect(userErrors).toEqual([]);
    expect(backfill?.id).not.toBe(first);
  });
});
