import type { ImageScope } from '../types.js';

/** The form of a run's id: a UUID. */
export const BACKFILL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type BackfillState = 'PENDING' | 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** Which images a run embeds: those without a current embedding, or every one again. */
export type BackfillScope = 'MISSING' | 'ALL';

export interface BackfillCounts {
  /** Images the run goes over; null until it is planned. */
  total: number | null;
  /** `embedded + skipped + failed`. */
  processed: number;
  embedded: number;
  /** Images that had a current embedding. */
  skipped: number;
  failed: number;
}

/** A backfill as the database has it. Times are ISO 8601. */
export interface BackfillRun {
  id: string;
  model: string;
  scope: BackfillScope;
  imageScope: ImageScope;
  state: BackfillState;
  counts: BackfillCounts;
  /** Null where no worker has the run, or none has stored a batch yet. */
  imagesPerSecond: number | null;
  /** Estimated time until the run is done; null while the rate is not known. */
  secondsLeft: number | null;
  createdAt: string;
  startedAt: string | null;
  updatedAt: string;
  finishedAt: string | null;
  error: string | null;
}

/** A range of image keys, `after < key <= until`, either end open where null, and how far it is done. */
export interface BackfillChunk {
  number: number;
  after: string | null;
  until: string | null;
  checkpoint: string | null;
}

/** What one batch did, to be added to a run's counts. */
export interface BatchCounts {
  embedded: number;
  skipped: number;
  failed: number;
}

/** How a run ends. */
export type BackfillOutcome = { state: 'COMPLETED' } | { state: 'CANCELLED' } | { state: 'FAILED'; error: string };

/** Who holds a run, and which. Every write of a worker names it, so that one that lost the run writes nothing. */
export interface BackfillLease {
  backfillId: string;
  workerId: string;
}
