import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { JobQueue } from '../../src/jobs/queue.js';
import { startEmptyTestDatabase, startTestDatabase, type TestDatabase } from '../support/database.js';

const JOB = { backfillId: '00000000-0000-4000-8000-000000000001', number: 3 };

let vectors: TestDatabase;
let queue: JobQueue;
let models = 0;

beforeAll(async () => {
  vectors = await startTestDatabase();
  queue = new JobQueue(vectors.database);
});

afterAll(() => vectors.close());

/** A model with a queue of its own. */
async function newModel(): Promise<string> {
  models += 1;
  const model = `org/model ${models}`;
  await queue.ensureModel(model);
  return model;
}

const inTransaction = <Result>(act: (tx: Queryable) => Promise<Result>) => vectors.database.transaction(act);

async function fetchNext(model: string) {
  return inTransaction((tx) => queue.fetch(model, tx));
}

describe('the job queue', () => {
  it('makes its tables where there are none, any number of times', async () => {
    const fresh = await startEmptyTestDatabase({ name: 'vector' });
    const newQueue = new JobQueue(fresh.database);
    expect(await newQueue.isInstalled()).toBe(false);
    await newQueue.install();
    await newQueue.install();
    expect(await newQueue.isInstalled()).toBe(true);
    await fresh.close();
  });

  it('is not installed where its tables are of another version', async () => {
    await vectors.database.query('update lookalike_queue.version set version = version - 1');
    expect(await queue.isInstalled()).toBe(false);
    await vectors.database.query('update lookalike_queue.version set version = version + 1');
    expect(await queue.isInstalled()).toBe(true);
  });

  it('hands a job out once', async () => {
    const model = await newModel();
    const id = await queue.send(model, JOB, vectors.database);
    expect(await fetchNext(model)).toEqual({ ...JOB, queueJobId: id });
    expect(await fetchNext(model)).toBeNull();
  });

  it('hands out the jobs of a model to nobody else, also where names look alike', async () => {
    await queue.ensureModel('a/b');
    await queue.ensureModel('a b');
    await queue.send('a/b', JOB, vectors.database);
    expect(await fetchNext('a b')).toBeNull();
    expect(await fetchNext('a/b')).toMatchObject(JOB);
  });

  it('refuses a job for a model that has no queue, instead of losing it', async () => {
    await expect(queue.send('nobody', JOB, vectors.database)).rejects.toThrow('The queue did not take the job.');
  });

  it('has a job only where the transaction that sent it is committed', async () => {
    const model = await newModel();
    const failing = inTransaction(async (tx) => {
      await queue.send(model, JOB, tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await fetchNext(model)).toBeNull();
  });

  it('keeps a job where the transaction that fetched it is rolled back', async () => {
    const model = await newModel();
    await queue.send(model, JOB, vectors.database);
    const failing = inTransaction(async (tx) => {
      expect(await queue.fetch(model, tx)).toMatchObject(JOB);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await fetchNext(model)).toMatchObject(JOB);
  });

  it('puts a job back at once, and says where there is none to put back', async () => {
    const model = await newModel();
    const id = await queue.send(model, JOB, vectors.database);
    await fetchNext(model);
    expect(await inTransaction((tx) => queue.putBack(model, id, tx))).toBe(true);
    expect(await fetchNext(model)).toEqual({ ...JOB, queueJobId: id });
    await inTransaction((tx) => queue.complete(model, id, tx));
    expect(await inTransaction((tx) => queue.putBack(model, id, tx))).toBe(false);
    expect(await fetchNext(model)).toBeNull();
  });

  it('says that the database failed, where it failed while fetching', async () => {
    const model = await newModel();
    const broken: Queryable = { query: () => vectors.database.query('select no_such_column') };
    await expect(queue.fetch(model, broken)).rejects.toMatchObject({ code: '42703' });
  });
});

describe('scheduled work', () => {
  it('is done once in its time, whoever asks', async () => {
    const other = new JobQueue(vectors.database);
    const work = { kind: 'sync', key: 'once', everySeconds: 604_800 } as const;
    let done = 0;
    const act = async (): Promise<void> => void (done += 1);
    await queue.doScheduled(work, act);
    await other.doScheduled(work, act);
    await queue.doScheduled(work, act);
    // A slot may end while the test runs.
    const [row] = await vectors.database.query<{ slots: number }>(
      `select count(distinct singleton_on)::int as slots from lookalike_queue.job where name like 'sync-once-%'`,
    );
    expect(done).toBe(row?.slots);
  });

  it('passes on what went wrong, and leaves no job behind', async () => {
    const work = { kind: 'sync', key: 'failing', everySeconds: 604_800 } as const;
    await expect(queue.doScheduled(work, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const states = await vectors.database.query<{ state: string }>(
      `select state::text from lookalike_queue.job where name like 'sync-failing-%'`,
    );
    expect(states).toEqual([{ state: 'failed' }]);
  });
});
