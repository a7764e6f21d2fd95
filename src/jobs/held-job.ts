import type { ClaimedJob } from '../services/backfill-job.js';
import type { BackfillRun } from '../services/backfill-run.js';
import { Frontier } from './frontier.js';

/**
 * A job in the hands of this process.
 *
 * - *held*      it is worked on.
 * - *stopping*  no more is begun and downloads are dropped, but what is embedded may still be stored: the run is paused, or
 *               the process is ending.
 * - *lost*      nothing more may be stored: the run was cancelled, or another worker has the job.
 */
export class HeldJob {
  /** How far the images of a chunk are done. */
  readonly frontier = new Frontier();
  private readonly stopped = new AbortController();
  private standing: 'held' | 'stopping' | 'lost' = 'held';
  private underWay = 0;
  private needed = 0;
  private hasAll = false;

  constructor(
    readonly run: BackfillRun,
    readonly job: ClaimedJob,
  ) {}

  /** Aborted as soon as the job is not to be worked on any more. */
  get signal(): AbortSignal {
    return this.stopped.signal;
  }

  get isLost(): boolean {
    return this.standing === 'lost';
  }

  stop(): void {
    if (this.standing === 'held') this.standing = 'stopping';
    this.stopped.abort();
  }

  lose(): void {
    this.standing = 'lost';
    this.stopped.abort();
  }

  /** One more image of the chunk is on its way. */
  begin(): void {
    this.underWay += 1;
  }

  /** The image is to be fetched. */
  countNeeded(): void {
    this.needed += 1;
  }

  /** Images of the chunk so far that are to be fetched. */
  get neededCount(): number {
    return this.needed;
  }

  /** One image less is on its way, whatever became of it. */
  end(): void {
    this.underWay -= 1;
  }

  /** No further image will begin. */
  close(): void {
    this.hasAll = true;
  }

  /** Whether nothing of the chunk is on its way or to come. */
  get isOver(): boolean {
    return this.hasAll && this.underWay === 0;
  }

  /** Whether every image of the chunk is done. */
  get isDone(): boolean {
    return this.isOver && this.standing === 'held';
  }
}
