import type { ImageScope } from '../types.js';

/** The form of a run's id: a UUID. */
export const BACKFILL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Which images a run embeds.
 *
 * - `MISSING`  those without a current embedding, new and changed ones, but not those whose failure has to be waited for;
 * - `STALE`    of these, those that were embedded before they changed;
 * - `FAILED`   those that could not be embedded, whatever the reason;
 * - `ALL`      every one again.
 */
export type BackfillScope = 'MISSING' | 'STALE' | 'FAILED' | 'ALL';

export interface BackfillCounts {
  /** Images the run goes over; null until it is planned. */
  total: number | null;
  /** `embedded + skipped + failed`. */
  processed: number;
  embedded: number;
  /** Images that did not have to be embedded, or are not in the run's scope. */
  skipped: number;
  failed: number;
}

/** Milliseconds that an embedded image of a run spent in each stage, in the mean. */
export interface StageTimings {
  downloadMs: number;
  decodeMs: number;
  /** Waiting for the model included. */
  encodeMs: number;
  storeMs: number;
}

/** Where a run stands, with what is known in each state. Times are ISO 8601. */
export type BackfillProgress =
  | { state: 'PENDING' | 'PAUSED'; startedAt: string | null; finishedAt: null; error: null }
  | { state: 'RUNNING'; startedAt: string; finishedAt: null; error: null }
  | { state: 'COMPLETED'; startedAt: string; finishedAt: string; error: null }
  | { state: 'CANCELLED'; startedAt: string | null; finishedAt: string; error: null }
  | { state: 'FAILED'; startedAt: string | null; finishedAt: string; error: string };

export type BackfillState = BackfillProgress['state'];

/** A backfill as the database has it. Times are ISO 8601. */
export type BackfillRun = BackfillProgress & {
  id: string;
  model: string;
  scope: BackfillScope;
  imageScope: ImageScope;
  /** The products that it is limited to; null where it goes over all. */
  productIds: string[] | null;
  counts: BackfillCounts;
  /** Of all workers together over the last 30 s; null while no worker has any of it. */
  imagesPerSecond: number | null;
  /** Estimated time until the run is done; null while the rate is not known. */
  secondsLeft: number | null;
  /** Null while nothing is embedded. */
  stages: StageTimings | null;
  createdAt: string;
  updatedAt: string;
};

/** Whether a run has ended, for good. */
export function isFinal(run: Pick<BackfillRun, 'finishedAt'>): boolean {
  return run.finishedAt !== null;
}

/** What an admin may ask of a run. */
export type BackfillCommand = 'pause' | 'resume' | 'cancel';

/** `change`: it is to be done. `nothing`: the run is in that state already. `refuse`: the run can't be brought there. */
export type CommandEffect = 'change' | 'nothing' | 'refuse';

/** What a command does to a run in each state: the one table of who may become what by request. */
const EFFECTS: Readonly<Record<BackfillCommand, Readonly<Record<BackfillState, CommandEffect>>>> = {
  pause: {
    PENDING: 'change',
    RUNNING: 'change',
    PAUSED: 'nothing',
    COMPLETED: 'refuse',
    CANCELLED: 'refuse',
    FAILED: 'refuse',
  },
  resume: {
    PENDING: 'nothing',
    RUNNING: 'nothing',
    PAUSED: 'change',
    COMPLETED: 'refuse',
    CANCELLED: 'refuse',
    FAILED: 'refuse',
  },
  cancel: {
    PENDING: 'change',
    RUNNING: 'change',
    PAUSED: 'change',
    COMPLETED: 'refuse',
    CANCELLED: 'nothing',
    FAILED: 'refuse',
  },
};

export function effectOf(command: BackfillCommand, state: BackfillState): CommandEffect {
  return EFFECTS[command][state];
}

/** What one transaction adds to a run's counts. `failed` is negative where an image that had failed is embedded. */
export interface CountsAdded {
  embedded: number;
  skipped: number;
  failed: number;
}

/** Sums over the images of a transaction, in milliseconds. */
export interface StageSums {
  downloadMs: number;
  decodeMs: number;
  encodeMs: number;
}
