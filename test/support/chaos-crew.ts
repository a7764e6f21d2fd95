import { eventually } from './chaos-eventually.js';
import { queuedJobs } from './chaos-faults.js';
import { Gate } from './chaos-gate.js';
import { Seat, type Moment, type SeatOptions, type Stage } from './chaos-seat.js';
import type { ChaosShop } from './chaos-shop.js';
import type { Standstill } from './chaos-standstill.js';

/** The worker processes of a scenario. */
export class Crew {
  readonly seats: Seat[] = [];
  readonly killed = new Set<Seat>();
  /** Whether leases that have run out are found at once, and not only by the look that workers take every few seconds. */
  findsLapsedAtOnce = true;
  /** Lets leases run out that nobody knows of any more, where a test takes care that there may be some. */
  standstill: Standstill | null = null;

  /** What those that begin together wait for. */
  private together: Gate | null = null;

  constructor(private readonly options: SeatOptions) {}

  get living(): Seat[] {
    return this.seats.filter((seat) => seat.isAlive);
  }

  private get shop(): ChaosShop {
    return this.options.shop;
  }

  /** Adds a worker. @returns once it is ready, or killed. */
  async add(options: Partial<SeatOptions> = {}): Promise<Seat> {
    const reached: SeatOptions['reached'] = (...at) => this.reached(...at);
    return Seat.take({ ...this.options, ...options, reached }, (taken) => this.seats.push(taken));
  }

  /** Adds workers that all take part: until each that lives has a job, none takes a second one. */
  async addTogether(several: readonly Partial<SeatOptions>[]): Promise<void> {
    this.together = new Gate();
    await Promise.all(several.map((options) => this.add(options)));
    await this.named('every worker has a job', async () => {
      return this.living.every(({ workerIds }) => workerIds.size > 0) || !(await this.shop.hasFreeJob());
    });
    this.together.open();
  }

  private async reached(seat: Seat, stage: Stage, moment: Moment): Promise<'pass' | 'drop'> {
    const verdict = (await this.options.reached?.(seat, stage, moment)) ?? 'pass';
    // The answer to a commit may be kept: while a transaction is open, the embedded Postgres serves nobody else.
    if (verdict === 'pass' && stage === 'claimed' && moment === 'after') await this.together?.opened;
    return verdict;
  }

  /** @returns once it is gone. */
  async kill(seat: Seat): Promise<void> {
    this.killed.add(seat);
    await seat.kill();
  }

  /** Waits until a run has ended and the queue has nothing of it. Where all workers are killed, a new one comes. */
  async seeThrough(backfillId: string): Promise<void> {
    await this.named('the run ends', async () => {
      await this.passTime();
      if (this.living.length === 0) await this.add();
      return (await this.shop.run(backfillId)).finishedAt !== null;
    });
    await this.named('the queue is empty', async () => (await queuedJobs(this.shop, backfillId)) === 0);
  }

  /** Waits until something is so. @throws Error with the logs of all workers where it does not come. */
  async named(what: string, ask: () => Promise<boolean>): Promise<void> {
    await eventually(what, ask).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.logs()}`, { cause: error });
    });
  }

  /** Those who were killed do not renew their leases. */
  async passTime(): Promise<void> {
    const workerIds = [...this.killed].flatMap((seat) => [...seat.workerIds]);
    if (workerIds.length > 0) await this.shop.expireLeases(workerIds, this.findsLapsedAtOnce);
    await this.standstill?.look();
  }

  /** Workers that have ended though nobody killed them. */
  faults(): string[] {
    const dead = this.seats.filter((seat) => !seat.isAlive && !this.killed.has(seat));
    return dead.map((seat) => `a worker ended by itself: ${seat.process.log.slice(-3).join(' ')}`);
  }

  /** Ends the workers that live in order, and takes away what they had. */
  async leave(): Promise<void> {
    this.together?.open();
    await Promise.all(this.seats.map((seat) => seat.leave()));
  }

  private logs(): string {
    return this.seats.map((seat, index) => `-- worker ${index}\n${seat.process.log.join('\n')}`).join('\n');
  }
}
