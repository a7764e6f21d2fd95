import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BackfillJobStore } from '../../src/services/backfill-job-store.js';
import type { ClaimedJob, NewJob } from '../../src/services/backfill-job.js';
import { BackfillStore } from '../../src/services/backfill-store.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';

let vectors: TestDatabase;
let runs: BackfillStore;
let jobs: BackfillJobStore;
let runId: string;

beforeAll(async () => {
  vectors = await startTestDatabase();
  runs = new BackfillStore(vectors.database);
  jobs = new BackfillJobStore(vectors.database);
  await vectors.database.query(`insert into embedding_models (name, dimensions) values ('m', 8)`);
});

afterAll(() => vectors.close());

beforeEach(async () => {
  await vectors.database.query('truncate embedding_backfills cascade');
  const run = await runs.insert({ model: 'm', scope: 'MISSING', imageScope: 'main' });
  runId = run?.id ?? '';
});

const CHUNK: NewJob = { kind: 'CHUNK', extent: { kind: 'range', after: 'a', until: null } };

/** A job of the run in the hands of a worker. */
async function claimed(number: number): Promise<ClaimedJob> {
  const workerId = randomUUID();
  await jobs.hold({ backfillId: runId, number }, workerId, vectors.database);
  return { backfillId: runId, number, workerId, queueJobId: randomUUID(), task: { kind: 'PLAN' } };
}

const expire = () =>
  vectors.database.query('update embedding_backfill_jobs set lease_expires_at = now() where worker_id is not null');

describe('the jobs of a run', () => {
  it('are numbered on, and keep what they go over', async () => {
    const list: NewJob = { kind: 'CHUNK', extent: { kind: 'images', imageIds: ['b', 'a', 'ü "1"'] } };
    expect(await jobs.insert(runId, [{ kind: 'PLAN' }], vectors.database)).toEqual([0]);
    expect(await jobs.insert(runId, [CHUNK, list], vectors.database)).toEqual([1, 2]);
    const found = [0, 1, 2].map((number) => jobs.find({ backfillId: runId, number }, vectors.database));
    expect((await Promise.all(found)).map((row) => row?.task)).toEqual([
      { kind: 'PLAN' },
      { ...CHUNK, checkpoint: null },
      { ...list, checkpoint: null },
    ]);
  });

  it('are held by one claim, and not by an older one of the same worker', async () => {
    await jobs.insert(runId, [CHUNK], vectors.database);
    const older = await claimed(0);
    const newer = await claimed(0);
    expect([...(await jobs.renew([older], vectors.database)).keys()]).toEqual([]);
    expect([...(await jobs.renew([newer], vectors.database)).keys()]).toEqual([0]);
    expect(await jobs.release(older, vectors.database)).toBe(false);
    expect(await jobs.release(newer, vectors.database)).toBe(true);
  });

  it('are not renewed once their lease has run out, though nobody else has them', async () => {
    await jobs.insert(runId, [CHUNK], vectors.database);
    const job = await claimed(0);
    await expire();
    expect((await jobs.renew([job], vectors.database)).size).toBe(0);
    expect(await jobs.standings([job])).toEqual([{ workerId: job.workerId, runState: 'PENDING', isHeld: false }]);
  });

  it('tell their checkpoint to whoever holds them', async () => {
    await jobs.insert(runId, [CHUNK], vectors.database);
    const job = await claimed(0);
    await jobs.saveCheckpoint(job, 'k', vectors.database);
    await jobs.saveCheckpoint(job, null, vectors.database);
    expect([...(await jobs.renew([job], vectors.database))]).toEqual([[0, 'k']]);
  });

  it('are taken from those whose lease has run out, and from nobody else', async () => {
    await jobs.insert(runId, [CHUNK, CHUNK], vectors.database);
    const gone = await claimed(0);
    await expire();
    const alive = await claimed(1);
    expect(await jobs.runsWithLapsedJobs('m')).toEqual([runId]);
    const released = await jobs.releaseLapsed(runId, vectors.database);
    expect(released.map(({ number }) => number)).toEqual([gone.number]);
    expect(await jobs.runsWithLapsedJobs('m')).toEqual([]);
    expect([...(await jobs.renew([gone, alive], vectors.database)).keys()]).toEqual([1]);
  });
});

describe('the rate of a run', () => {
  it('is that of its last half minute without what was before a pause, and none while nobody has it', async () => {
    await jobs.insert(runId, [CHUNK], vectors.database);
    await claimed(0);
    await runs.markRunning(runId, vectors.database);
    const since = (seconds: number) =>
      vectors.database.query(`update embedding_backfills set running_since = now() - make_interval(secs => $1::int)`, [
        seconds,
      ]);
    const sample = (images: number, secondsAgo: number) =>
      vectors.database.query(
        `insert into embedding_backfill_samples values ($1::uuid, now() - make_interval(secs => $2::int), $3::int)`,
        [runId, secondsAgo, images],
      );
    await since(1000);
    await sample(600, 10);
    await sample(600, 40);
    expect((await runs.find(runId))?.imagesPerSecond).toBeCloseTo(20, 0);
    await since(5);
    expect((await runs.find(runId))?.imagesPerSecond).toBeNull();
    await since(20);
    expect((await runs.find(runId))?.imagesPerSecond).toBeCloseTo(30, 0);
    await expire();
    expect((await runs.find(runId))?.imagesPerSecond).toBeNull();
  });
});

describe('a run that is written as running', () => {
  it('waits, as everybody is told, where nobody has had any of it for longer than a lease', async () => {
    await jobs.insert(runId, [CHUNK], vectors.database);
    await claimed(0);
    await runs.markRunning(runId, vectors.database);
    expect((await runs.find(runId))?.state).toBe('RUNNING');
    await expire();
    expect((await runs.find(runId))?.state).toBe('RUNNING');
    await vectors.database.query(`update embedding_backfills set updated_at = now() - interval '1 minute'`);
    expect((await runs.find(runId))?.state).toBe('PENDING');
    await claimed(0);
    expect((await runs.find(runId))?.state).toBe('RUNNING');
  });
});
