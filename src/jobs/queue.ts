import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import PgBoss from 'pg-boss';
import type { Database, Queryable } from '../db/database.js';
import type { JobKey, JobSender } from '../services/backfill-job.js';

/** The queue's own tables: the vector database may be one that has a pg-boss of the shop's. */
const SCHEMA = 'lookalike_queue';

/**
 * The queue never ends a backfill's job by itself: the lease of the job's row says who has it and when that is lost. So a job
 * may be active for as long as pg-boss allows, and be handed out as often as it takes.
 */
const JOB_OPTIONS = { retryLimit: 1_000_000_000, retryDelay: 0, expireInHours: 23 } as const;

/** A job that a worker fetched. It is out of the queue only once the transaction commits that fetched it. */
export interface QueuedJob extends JobKey {
  queueJobId: string;
}

/** Work that comes back with the clock. */
export type ScheduledWork = 'housekeeping' | 'sync';

/**
 * Who does what next, in tables of the vector database: pg-boss, of which only `send`, `fetch`, `complete` and `fail` are
 * used. Its own `work` loop neither awaits what it writes nor takes part in our transactions.
 */
export class JobQueue implements JobSender {
  private readonly boss: PgBoss;
  private readonly made = new Map<string, Promise<void>>();

  constructor(private readonly database: Database) {
    this.boss = makeBoss(database);
  }

  /** Whether the queue's tables are those of the pg-boss in use. */
  async isInstalled(): Promise<boolean> {
    if ((await this.boss.isInstalled()) !== true) return false;
    return (await this.boss.schemaVersion()) === WANTED_SCHEMA_VERSION;
  }

  /** Makes the queue's tables, or brings them up to date. Safe to call from any number of processes. */
  async install(): Promise<void> {
    await this.inSession((boss) => boss.start());
  }

  /** Makes the queue of a model. A job that is sent to none would be dropped without a word. */
  ensureModel(model: string): Promise<void> {
    return this.ensure(backfillQueue(model), {});
  }

  async send(model: string, { backfillId, number }: JobKey, on: Queryable): Promise<string> {
    const data = { backfillId, number };
    const id = await this.boss.send(backfillQueue(model), data, { ...JOB_OPTIONS, db: adapterOf(on) });
    if (id === null) throw new Error('The queue did not take the job.');
    return id;
  }

  /** Takes the next job of a model, as part of a transaction; null where there is none. */
  async fetch(model: string, tx: Queryable): Promise<QueuedJob | null> {
    const [job] = await this.fetchFrom<JobKey>(backfillQueue(model), tx);
    return job === undefined ? null : { ...job.data, queueJobId: job.id };
  }

  /** The job is done with. One that is not active any more stays as it is. */
  async complete(model: string, queueJobId: string, tx: Queryable): Promise<void> {
    await this.boss.complete(backfillQueue(model), queueJobId, {}, { db: adapterOf(tx) });
  }

  /** Puts an active job back, for any worker to take. @returns Whether the queue still had it. */
  async putBack(model: string, queueJobId: string, tx: Queryable): Promise<boolean> {
    // It resolves to a count, which its type does not say.
    const failing: Promise<unknown> = this.boss.fail(backfillQueue(model), queueJobId, {}, { db: adapterOf(tx) });
    const { affected } = (await failing) as { affected: number };
    return affected > 0;
  }

  /**
   * Does a piece of scheduled work where its time has come: once in `everySeconds` over all processes, whichever is first.
   *
   * @param key - tells the works of one kind apart: the name of a model.
   */
  async doScheduled(
    work: { kind: ScheduledWork; key: string; everySeconds: number },
    act: () => Promise<void>,
  ): Promise<void> {
    const queue = `${work.kind}-${slug(work.key)}`;
    await this.ensure(queue, { retryLimit: 0 });
    await this.boss.send(queue, {}, { singletonSeconds: work.everySeconds, retryLimit: 0 });
    const [job] = await this.fetchFrom(queue, this.database);
    if (job === undefined) return;
    try {
      await act();
      await this.boss.complete(queue, job.id);
    } catch (error) {
      await this.boss.fail(queue, job.id).catch(() => undefined);
      throw error;
    }
  }

  /** Clears away what the queue has done with. */
  async maintain(): Promise<void> {
    await this.inSession((boss) => boss.maintain());
  }

  /**
   * For statements of pg-boss that bring a transaction of their own: where one fails in the middle, the connection must not go
   * back to the pool with it.
   */
  private async inSession(act: (boss: PgBoss) => Promise<unknown>): Promise<void> {
    await this.database.session(async (session) => {
      try {
        await act(makeBoss(session, { migrate: true }));
      } catch (error) {
        await session.query('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** pg-boss swallows what goes wrong while fetching, and an outage must not look like an empty queue. */
  private async fetchFrom<Data>(queue: string, on: Queryable): Promise<PgBoss.Job<Data>[]> {
    const swallowed: unknown[] = [];
    const db = adapterOf({
      query: (text, values) =>
        on.query<never>(text, values).catch((error: unknown) => {
          swallowed.push(error);
          throw error;
        }),
    });
    const jobs = await this.boss.fetch<Data>(queue, { batchSize: 1, db });
    if (swallowed.length > 0) throw swallowed[0];
    return jobs;
  }

  private ensure(queue: string, options: Partial<PgBoss.Queue>): Promise<void> {
    const known = this.made.get(queue);
    if (known !== undefined) return known;
    const making = this.boss.createQueue(queue, { name: queue, ...options });
    this.made.set(queue, making);
    making.catch(() => {
      this.made.delete(queue);
    });
    return making;
  }
}

/** The version of the tables that this pg-boss works with: its package has it in a file of its own. */
const WANTED_SCHEMA_VERSION = (createRequire(import.meta.url)('pg-boss/version.json') as { schema: number }).schema;

/** The longest time between two pieces of scheduled work, which SYNC_INTERVAL may set: that a slot is taken has to be known. */
const LONGEST_INTERVAL_SECONDS = 7 * 24 * 60 * 60;

/** No timers, no connections of its own: it runs what it is told, when it is told. */
const BOSS_OPTIONS = {
  schema: SCHEMA,
  supervise: false,
  schedule: false,
  archiveCompletedAfterSeconds: LONGEST_INTERVAL_SECONDS,
} as const;

function makeBoss(on: Queryable, options: { migrate?: boolean } = {}): PgBoss {
  const boss = new PgBoss({ ...BOSS_OPTIONS, ...options, db: adapterOf(on) });
  // An emitter of errors without a listener would end the process.
  boss.on('error', () => undefined);
  return boss;
}

function adapterOf(on: Queryable): PgBoss.Db {
  return {
    executeSql: async (text, values) => ({ rows: await on.query(text, values as readonly unknown[] | undefined) }),
  };
}

function backfillQueue(model: string): string {
  return `backfill-${slug(model)}`;
}

/** Names of queues have letters, digits, dashes and underscores; eight digits of a hash keep names apart that look alike. */
function slug(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replaceAll(/[^\w]+/g, '-').slice(0, 40)}-${hash}`;
}
