import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '../errors.js';
import type { Close } from '../types.js';
import { LeaseLostError, type BackfillParts } from './backfill-parts.js';
import { claimJob, releaseJob, requeueLapsedJobs, resendForgottenJobs } from './claim-job.js';
import { embedChunks, type ChunkSource } from './embed-chunks.js';
import { finishBackfill } from './finish-backfill.js';
import { isFurtherChunkOfUse } from './further-chunk.js';
import type { HeldJob } from './held-job.js';
import { letGoInTrouble } from './let-go-in-trouble.js';
import { planBackfill } from './plan-backfill.js';
import { watchHeldJobs } from './watch-held-jobs.js';

/** How often a worker looks for a job that nobody told it of: one of another process, or one whose worker died. */
const LOOK_EVERY_MS = 2000;

/** How often it looks whether what it has was paused, cancelled or lost. */
const WATCH_EVERY_MS = 1000;

/** Of so many looks one also renews the leases, and takes jobs from workers that are gone. */
const RENEW_EVERY = 5;

/**
 * Chunks in hand at the same time at most. A further one is taken only while places are free, so those before it wait for images
 * of slow hosts: 16,000 images in all, of which the good ones go past the others.
 */
const MOST_CHUNKS = 64;

/** How often a worker that has enough for now looks whether it still has; it asks nobody. */
const RECONSIDER_EVERY_MS = 200;

/** A worker to whom something unforeseen happens again and again waits up to so many doublings longer. */
const MOST_MISHAPS = 4;

/**
 * How a round ended. `interrupted`: something that it needs is away. `mishap`: something happened that nobody foresaw, or that
 * does not pass by itself.
 */
type RoundEnd = 'nothing left' | 'interrupted' | 'mishap';

/** Works on the backfills of a model, wherever they were started, together with any number of others. */
export class BackfillWorker implements ChunkSource {
  private readonly held = new Set<HeldJob>();
  private last: { held: HeldJob; waitingBefore: number; takenAtMs: number } | null = null;
  private readonly stopping = new AbortController();
  private nap = new AbortController();
  /** Whether somebody said that there is something, also while it was not resting. */
  private isWoken = false;
  /** Whether no more jobs are to be taken: until the next round, or for good where the process is stopping. */
  private isHalted = false;
  private working: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: BackfillParts,
    /** Done before the first job is taken; what it needs may take its time. */
    private readonly prepare: (signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
  ) {}

  get stopSignal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Begins to work; nothing that a run, a host or a database does ends it. */
  start(): void {
    this.working = this.parts.observer.run(() => Promise.all([this.work(), this.watch()]));
  }

  /** Looks for a job at once. */
  wake(): void {
    this.isWoken = true;
    this.nap.abort();
  }

  /** Begins to stop: takes no more jobs and drops downloads. What is embedded is stored. */
  stop(): void {
    this.stopping.abort();
    this.stopAll();
  }

  /** Stops, puts back the jobs that are not done, and ends. Safe to call twice. */
  readonly close: Close = async () => {
    this.stop();
    await this.working;
  };

  stopAll(): void {
    this.isHalted = true;
    for (const held of this.held) held.stop();
    this.wake();
  }

  async next(): Promise<HeldJob | null> {
    while (!this.isHalted) {
      if (!this.isFurtherJobOfUse()) {
        await this.rest(RECONSIDER_EVERY_MS);
        continue;
      }
      const held = await this.take();
      if (held !== null && held.job.task.kind === 'CHUNK') return held;
      if (held !== null) continue;
      if (this.held.size === 0) return null;
      await this.rest();
    }
    return null;
  }

  private isFurtherJobOfUse(): boolean {
    if (this.held.size === 0 || this.last === null) return true;
    const { held, waitingBefore, takenAtMs } = this.last;
    const last = { waitingBefore, neededCount: held.neededCount, ageMs: performance.now() - takenAtMs };
    return this.held.size < MOST_CHUNKS && isFurtherChunkOfUse(this.parts.embedder.waitingCount, last);
  }

  async leave(held: HeldJob): Promise<void> {
    if (!held.isDone && !held.isLost) await releaseJob(this.parts, held);
    this.held.delete(held);
    this.wake();
  }

  /** Takes a job. One that is no chunk is done at once. */
  private async take(): Promise<HeldJob | null> {
    const held = await claimJob(this.parts, () => !this.isHalted).catch(this.nullWhereAway);
    if (held === null) return null;
    const { backfillId, number, task } = held.job;
    this.parts.log.debug({ backfillId, number, kind: task.kind }, 'took a job');
    this.held.add(held);
    this.last = { held, waitingBefore: this.parts.embedder.waitingCount, takenAtMs: performance.now() };
    // Also where it was halted while the claim was under way.
    if (this.isHalted) held.stop();
    if (task.kind === 'CHUNK') return held;
    await this.doWhole(held, task.kind === 'PLAN' ? planBackfill : finishBackfill);
    return held;
  }

  /** A job that is stopped or lost on the way is no trouble of the others in hand. */
  private async doWhole(held: HeldJob, act: (parts: BackfillParts, held: HeldJob) => Promise<void>): Promise<void> {
    try {
      await act(this.parts, held);
    } catch (error) {
      if (!held.signal.aborted && !(error instanceof LeaseLostError)) throw error;
      await releaseJob(this.parts, held);
    }
    this.held.delete(held);
  }

  private async work(): Promise<void> {
    await this.prepare(this.stopSignal).catch(this.warnUnlessStopping('could not prepare for backfills'));
    for (let mishaps = 0; !this.stopSignal.aborted;) {
      const end = await this.workOnWhatThereIs();
      mishaps = end === 'mishap' ? Math.min(mishaps + 1, MOST_MISHAPS) : 0;
      // Whatever woke it before the trouble is no reason to run into it again at once.
      if (end !== 'nothing left') this.isWoken = this.stopSignal.aborted;
      await this.rest(LOOK_EVERY_MS * 2 ** mishaps);
    }
  }

  private async workOnWhatThereIs(): Promise<RoundEnd> {
    const { log } = this.parts;
    this.isHalted = this.stopSignal.aborted;
    try {
      for await (const batch of embedChunks(this.parts, this)) log.debug(batch, 'stored a batch');
      await resendForgottenJobs(this.parts).catch(this.nullWhereAway);
      return 'nothing left';
    } catch (error) {
      return await this.endInTrouble(error);
    } finally {
      this.held.clear();
    }
  }

  private async endInTrouble(error: unknown): Promise<RoundEnd> {
    const isForeseen = this.stopSignal.aborted || error instanceof ServiceUnavailableError;
    try {
      await letGoInTrouble(this.parts, { held: [...this.held], error, isForeseen });
    } catch (failure) {
      this.warnUnlessStopping('could not let go of jobs; they are free in a while')(failure);
    }
    return isForeseen ? 'interrupted' : 'mishap';
  }

  private async watch(): Promise<void> {
    for (let looks = 1; !this.stopSignal.aborted; looks += 1) {
      await sleep(WATCH_EVERY_MS, undefined, { signal: this.stopSignal }).catch(() => undefined);
      await this.look(looks % RENEW_EVERY === 0);
    }
  }

  /** A database that is away for a moment is no reason to stop: what is stored next tells. */
  private async look(renews: boolean): Promise<void> {
    await watchHeldJobs(this.parts, { held: [...this.held], renews }).catch(
      this.warnUnlessStopping('could not look after the jobs in hand'),
    );
    if (!renews || this.stopSignal.aborted) return;
    await requeueLapsedJobs(this.parts).catch(
      this.warnUnlessStopping('could not look for jobs of workers that are gone'),
    );
  }

  /** Until it is time to look again, or somebody says that there is something. */
  private async rest(ms = LOOK_EVERY_MS): Promise<void> {
    this.nap = new AbortController();
    if (!this.isWoken) await sleep(ms, undefined, { signal: this.nap.signal }).catch(() => undefined);
    this.isWoken = false;
  }

  /** A database that is away has nothing to hand out for now; that is no reason to drop what is on its way. */
  private readonly nullWhereAway = (error: unknown): null => {
    if (!(error instanceof ServiceUnavailableError)) throw error;
    this.warnUnlessStopping('could not look for jobs')(error);
    return null;
  };

  private warnUnlessStopping(message: string): (error: unknown) => void {
    return (error) => {
      if (!this.stopSignal.aborted) this.parts.log.warn({ err: error }, message);
    };
  }
}
