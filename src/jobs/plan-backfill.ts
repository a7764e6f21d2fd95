import { CHUNK_SIZE, chunksBetween, chunksOf } from '../services/backfill-chunks.js';
import type { NewJob } from '../services/backfill-job.js';
import type { BackfillRun } from '../services/backfill-run.js';
import { enqueueJobs } from '../services/enqueue-jobs.js';
import { LeaseLostError, type BackfillParts } from './backfill-parts.js';
import { finishJob, holdsJob } from './finish-job.js';
import type { HeldJob } from './held-job.js';
import { untilAvailable } from './until-available.js';

const PAGE_SIZE = 5000;

interface BackfillPlan {
  /** Images that the run goes over, as things stand. */
  total: number;
  chunks: NewJob[];
}

/**
 * Cuts a run into chunks and puts them into the queue, all in one transaction with the end of the job itself.
 *
 * @throws LeaseLostError where the job is no longer this worker's.
 */
export async function planBackfill(parts: BackfillParts, held: HeldJob): Promise<void> {
  const { run, job } = held;
  const plan = await untilAvailable(() => makePlan(parts, run), held.signal);
  await parts.database.transaction(async (tx) => {
    const state = await parts.runs.lock(run.id, tx);
    if (state === null || !(await holdsJob(parts, job, tx))) throw new LeaseLostError();
    await parts.runs.saveTotal(run.id, plan.total, tx);
    const target = { id: run.id, model: run.model, isPaused: state === 'PAUSED' };
    await enqueueJobs(parts, target, plan.chunks, tx);
    await finishJob(parts, { job, target }, tx);
  });
  parts.log.info({ backfillId: run.id, total: plan.total, chunks: plan.chunks.length }, 'planned the backfill');
}

async function makePlan(parts: BackfillParts, run: BackfillRun): Promise<BackfillPlan> {
  if (run.productIds !== null) return planOfImages(await imagesOfProducts(parts, run, run.productIds));
  if (run.scope === 'FAILED') return planOfImages(await failedImages(parts));
  const { catalog } = parts;
  const [total, ends] = await Promise.all([
    catalog.countImages(run.imageScope),
    catalog.chunkEnds(run.imageScope, CHUNK_SIZE),
  ]);
  return { total, chunks: chunksBetween(ends) };
}

function planOfImages(imageIds: readonly string[]): BackfillPlan {
  return { total: imageIds.length, chunks: chunksOf(imageIds) };
}

async function imagesOfProducts(
  { catalog }: BackfillParts,
  run: BackfillRun,
  productIds: readonly string[],
): Promise<string[]> {
  const images = [...(await catalog.imagesOfProducts(productIds)).values()].flat().map(({ id }) => id);
  const inScope = await catalog.imagesInScope(images, run.imageScope);
  // Two spellings of one product's id name the same images.
  return [...new Set(images)].filter((id) => inScope.has(id));
}

async function failedImages({ failures, model }: BackfillParts): Promise<string[]> {
  const all: string[] = [];
  for (;;) {
    const page = await failures.imageIdsAfter(model.name, all.at(-1) ?? null, PAGE_SIZE);
    all.push(...page);
    if (page.length < PAGE_SIZE) return all;
  }
}
