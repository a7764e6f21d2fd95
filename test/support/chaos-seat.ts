import { startChaosImageHost, type ChaosImageHost, type FetchStage, type Sent } from './chaos-image-host.js';
import type { InnerStage } from './chaos-messages.js';
import type { ChaosShop } from './chaos-shop.js';
import type { ChaosWorkerPool, ChaosWorkerProcess } from './chaos-worker-process.js';
import { startPostgresProxy, type PostgresProxy } from './postgres-proxy.js';
import type { ProxiedStatement, Verdict } from './proxied-connection.js';

/**
 * - `claimed`             a job is the worker's: before its transaction is committed, or after;
 * - `in the transaction`  embeddings are stored: before the server has them, or before it commits them;
 * - `after commit`        they are committed, and the worker has not heard of it;
 * - `enqueueing`          a job goes into the queue, likewise;
 * - `sweeping`            embeddings of images that left are removed, likewise.
 */
export type SqlStage = 'claimed' | 'in the transaction' | 'after commit' | 'enqueueing' | 'sweeping';

export type Stage = FetchStage | InnerStage | SqlStage;

/** Before the server has done what the stage is about, or after. Of stages that have but one moment it is `after`. */
export type Moment = 'before' | 'after';

export const TWO_MOMENTS: ReadonlySet<Stage> = new Set(['claimed', 'in the transaction', 'enqueueing', 'sweeping']);

export interface SeatOptions {
  shop: ChaosShop;
  pool: ChaosWorkerPool;
  /** Environment variables on top of the seat's own. */
  env: Record<string, string>;
  clockShiftMs?: number;
  send?: (number: number) => Promise<Sent> | Sent;
  /** Judges each statement for the vector database before anything else does. */
  judge?: (seat: Seat, statement: ProxiedStatement) => Verdict;
  /** Called at each stage, which waits for it. What it drops never goes further. */
  reached?: (seat: Seat, stage: Stage, moment: Moment) => Promise<'pass' | 'drop'>;
}

const HOLDS = /^\s*update embedding_backfill_jobs set worker_id = \$3::uuid, lease_expires_at/;
const STORES = /^\s*insert into image_embeddings\b/;
const ENQUEUES = /^\s*insert into lookalike_queue\.job\b/i;
const SWEEPS = /^\s*delete from image_embeddings\b/;

/** A worker process with a network of its own: what it does is seen, and it can be taken out at any moment. */
export class Seat {
  /** What it calls itself in the leases. */
  readonly workerIds = new Set<string>();

  private constructor(
    private readonly options: SeatOptions,
    readonly process: ChaosWorkerProcess,
    readonly proxy: PostgresProxy,
  ) {}

  /** The host that it fetches from. */
  host: ChaosImageHost | null = null;
  private left: Promise<void> | null = null;

  /**
   * @param onTaken - called before the worker is started, for it may be killed before it is ready.
   * @returns once the worker is ready, or killed.
   */
  static async take(options: SeatOptions, onTaken: (seat: Seat) => void): Promise<Seat> {
    const { shop, pool, env, send } = options;
    const proxy = await startPostgresProxy(shop.urls.vectors);
    const seat = new Seat(options, pool.take(), proxy);
    onTaken(seat);
    const reached = async (stage: FetchStage | InnerStage): Promise<void> => {
      await seat.reach(stage, 'after');
    };
    seat.host = await startChaosImageHost({ reached, ...(send && { send }) });
    seat.process.onReached = reached;
    new StatementWatch(seat).begin();
    await seat.process.start({
      encodedFile: shop.encodedFile,
      clockShiftMs: options.clockShiftMs ?? 0,
      env: {
        DATABASE_URL: shop.urls.catalogue,
        VECTOR_DATABASE_URL: proxy.url,
        IMAGE_BASE_URL: seat.host.url,
        IMAGE_ALLOWED_PRIVATE_HOSTS: seat.host.host,
        LOG_LEVEL: 'debug',
        LOG_FORMAT: 'json',
        ...env,
      },
    });
    return seat;
  }

  get isAlive(): boolean {
    return this.process.isAlive;
  }

  reach(stage: Stage, moment: Moment): Promise<'pass' | 'drop'> {
    if (!this.isAlive || this.options.reached === undefined) return Promise.resolve('pass');
    return this.options.reached(this, stage, moment);
  }

  judge(statement: ProxiedStatement): Verdict {
    return this.options.judge?.(this, statement) ?? 'pass';
  }

  kill(): Promise<void> {
    return this.process.kill();
  }

  /** Ends the worker in order, where it lives, and takes its network away. Safe to call twice. */
  leave(): Promise<void> {
    this.left ??= this.end();
    return this.left;
  }

  private async end(): Promise<void> {
    const { pool, clockShiftMs = 0 } = this.options;
    try {
      // One that nobody has thawed can do nothing in order.
      if (this.process.isFrozen) await this.process.kill();
      if (!this.isAlive) return;
      await this.process.close();
      if (clockShiftMs === 0) pool.putBack(this.process);
      else await this.process.kill();
    } finally {
      await Promise.all([this.proxy.close(), this.host?.close()]);
    }
  }
}

/** Tells the stages of a worker by its statements. */
class StatementWatch {
  /** What the open transactions have done, by their connection. */
  private readonly claims = new Set<number>();
  private readonly stores = new Set<number>();

  constructor(private readonly seat: Seat) {}

  begin(): void {
    this.seat.proxy.onStatement((statement) => {
      const verdict = this.seat.judge(statement);
      return verdict === 'pass' ? this.before(statement) : verdict;
    });
    this.seat.proxy.onAnswered((statement) => this.after(statement));
  }

  private before({ sql, values }: ProxiedStatement): Promise<'pass' | 'drop'> | undefined {
    const [, , workerId] = values;
    if (HOLDS.test(sql) && workerId != null) this.seat.workerIds.add(workerId);
    const stage = stageOf(sql);
    return stage === null ? undefined : this.seat.reach(stage, 'before');
  }

  private after({ sql, connection }: ProxiedStatement): Promise<'pass' | 'drop'> | undefined {
    if (HOLDS.test(sql)) {
      this.claims.add(connection);
      return this.seat.reach('claimed', 'before');
    }
    if (STORES.test(sql)) this.stores.add(connection);
    if (sql === 'commit' && this.claims.delete(connection)) return this.seat.reach('claimed', 'after');
    if (sql === 'commit' && this.stores.delete(connection)) return this.seat.reach('after commit', 'after');
    const stage = stageOf(sql);
    return stage === null ? undefined : this.seat.reach(stage, 'after');
  }
}

function stageOf(sql: string): SqlStage | null {
  if (STORES.test(sql)) return 'in the transaction';
  if (ENQUEUES.test(sql)) return 'enqueueing';
  return SWEEPS.test(sql) ? 'sweeping' : null;
}
