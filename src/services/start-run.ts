import type { Database, Queryable } from '../db/database.js';
import { AppError } from '../errors.js';
import type { NewJob } from './backfill-job.js';
import type { BackfillRun } from './backfill-run.js';
import type { BackfillStore, NewRun } from './backfill-store.js';
import type { EmbeddingModelStore } from './embedding-model-store.js';
import { enqueueJobs, type JobWriters } from './enqueue-jobs.js';

/** What came of writing a run: a new one, or the active one of its model, which is in the way. */
export type RunStart = { kind: 'started'; run: BackfillRun } | { kind: 'conflict'; active: BackfillRun };

export interface RunWriters extends JobWriters {
  /** The vector database, for transactions over several stores. */
  database: Database;
  models: EmbeddingModelStore;
  runs: BackfillStore;
}

/**
 * Writes a run and its first jobs for workers to take up. A model has one active run at most.
 *
 * @throws AppError NOT_FOUND where the model has been dropped meanwhile.
 */
export async function startRun(writers: RunWriters, run: NewRun, newJobs: readonly NewJob[]): Promise<RunStart> {
  const { database, runs, queue } = writers;
  await queue.ensureModel(run.model);
  for (;;) {
    const started = await database.transaction((tx) => insertRun(writers, { run, newJobs }, tx));
    if (started !== null) return { kind: 'started', run: started };
    const active = await runs.findActive(run.model);
    // Null where it ended between the two statements: then there is room.
    if (active !== null) return { kind: 'conflict', active };
  }
}

async function insertRun(
  writers: RunWriters,
  { run, newJobs }: { run: NewRun; newJobs: readonly NewJob[] },
  tx: Queryable,
): Promise<BackfillRun | null> {
  if (!(await writers.models.keep(run.model, tx))) {
    throw new AppError('NOT_FOUND', `The model "${run.model}" is not here any more: it was dropped meanwhile.`);
  }
  const inserted = await writers.runs.insert(run, tx);
  if (inserted !== null)
    await enqueueJobs(writers, { id: inserted.id, model: run.model, isPaused: false }, newJobs, tx);
  return inserted;
}
