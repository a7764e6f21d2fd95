import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ServiceUnavailableError } from '../errors.js';
import type { Log } from '../log.js';
import type { BackfillLease, BackfillOutcome, BackfillRun } from '../services/backfill-run.js';
import { LEASE_SECONDS } from '../services/backfill-store.js';
import type { VectorIndex } from '../services/vector/vector-index.js';
import { embedChunk, LeaseLostError, type BackfillParts } from './embed-chunk.js';
import { planChunks } from './plan-chunks.js';
import { RateMeter } from './rate-meter.js';
import { sweepLeftImages } from './sweep.js';

export interface BackfillRunner extends BackfillParts {
  index: VectorIndex;
  log: Log;
}

/** How a worker's hold on a run ended. `released`: anybody may go on with it. `lost`: somebody else has it or ended it. */
export type HoldEnd = BackfillOutcome['state'] | 'released' | 'lost';

const HEARTBEAT_MS = (LEASE_SECONDS * 1000) / 3;

/**
 * Takes a claimed run to its end: plan, chunks, sweep, index.
 *
 * When `signal` is aborted, what is under way is dropped, the run is released and goes on where it stood with the next
 * claim. The same happens where a database or the model is not there for a while. Any other error ends the run as FAILED.
 */
export async function runBackfill(
  runner: BackfillRunner,
  claimed: { run: BackfillRun; lease: BackfillLease },
  signal: AbortSignal,
): Promise<HoldEnd> {
  const { lease } = claimed;
  const lost = new AbortController();
  const stopHeartbeat = startHeartbeat(runner, lease, lost);
  try {
    await embedRun(runner, claimed, AbortSignal.any([signal, lost.signal]));
    return await end(runner, lease, { state: 'COMPLETED' });
  } catch (error) {
    if (error instanceof LeaseLostError || lost.signal.aborted) return 'lost';
    if (signal.aborted || error instanceof ServiceUnavailableError) return await release(runner, lease, error);
    runner.log.error({ err: error, backfillId: lease.backfillId }, 'backfill failed');
    return await end(runner, lease, { state: 'FAILED', error: messageOf(error) });
  } finally {
    await stopHeartbeat();
  }
}

async function embedRun(
  runner: BackfillRunner,
  claimed: { run: BackfillRun; lease: BackfillLease },
  signal: AbortSignal,
): Promise<void> {
  const { run, lease } = claimed;
  const rate = new RateMeter();
  const imagesPerSecond = () => rate.perSecond();
  if (run.counts.total === null) {
    const isHeld = await runner.runs.savePlan(lease, await planChunks(runner.catalog, run.imageScope));
    if (!isHeld) throw new LeaseLostError();
  }
  for (const chunk of await runner.runs.openChunks(run.id)) {
    for await (const batch of embedChunk(runner, { run, lease, chunk, imagesPerSecond }, signal)) {
      rate.add(batch.embedded + batch.skipped + batch.failed);
      runner.log.debug({ backfillId: run.id, chunk: chunk.number, ...batch }, 'stored a batch');
    }
    await runner.runs.finishChunk(run.id, chunk.number);
  }
  const removed = await sweepLeftImages(runner, run.imageScope, signal);
  if (removed > 0)
    runner.log.info({ backfillId: run.id, removed }, 'removed embeddings of images that left the catalogue');
  signal.throwIfAborted();
  await bringIndexUpToDate(runner, run.id);
}

/** Everything is embedded by now, and searches are exact without an index: a build that fails is no failure of the run. */
async function bringIndexUpToDate(runner: BackfillRunner, backfillId: string): Promise<void> {
  await runner.index.ensureIndex(runner.model).catch((error: unknown) => {
    runner.log.error({ err: error, backfillId }, 'could not build the index; the next backfill tries again');
  });
}

async function end(runner: BackfillRunner, lease: BackfillLease, outcome: BackfillOutcome): Promise<HoldEnd> {
  const wasHeld = await runner.runs.finish(lease, outcome);
  return wasHeld ? outcome.state : 'lost';
}

/** Best effort: where the database can't be reached, the lease runs out by itself. */
async function release(runner: BackfillRunner, lease: BackfillLease, reason: unknown): Promise<HoldEnd> {
  const level = reason instanceof ServiceUnavailableError ? 'warn' : 'debug';
  runner.log[level]({ err: reason, backfillId: lease.backfillId }, 'backfill interrupted; it goes on where it stood');
  await runner.runs.release(lease).catch((error: unknown) => {
    runner.log.warn({ err: error, backfillId: lease.backfillId }, 'could not release the backfill');
  });
  return 'released';
}

/** Renews the lease until stopped; aborts `lost` when someone else has the run. */
function startHeartbeat(runner: BackfillRunner, lease: BackfillLease, lost: AbortController): () => Promise<void> {
  const stop = new AbortController();
  const beat = async (): Promise<void> => {
    // Rejects when stopped.
    while (await sleep(HEARTBEAT_MS, true, { signal: stop.signal }).catch(() => false)) {
      // A database that is away for a moment is no reason to stop: the next batch or beat tells.
      const isHeld = await runner.runs.renewLease(lease).catch(() => true);
      if (!isHeld) lost.abort();
    }
  };
  const beating = beat();
  return async () => {
    stop.abort();
    await beating;
  };
}

function messageOf(error: unknown): string {
  return error instanceof AppError ? error.message : 'An unexpected error ended the backfill; the log says more.';
}
