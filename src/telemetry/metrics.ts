import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PoolUse } from '../db/database.js';
import type { OpenThing, Purpose, Stage } from '../observer.js';

/** From a row that is cached to a photograph that hardly arrives, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const STAGES: readonly Stage[] = ['receive', 'decode', 'queue', 'inference', 'search', 'hydrate'];
const PURPOSES: readonly Purpose[] = ['search', 'backfill'];
const OPEN_THINGS: readonly OpenThing[] = ['socket', 'stream'];
const END_STATES = ['COMPLETED', 'CANCELLED', 'FAILED'];

/** Everything that is counted and measured here. Names are by Prometheus's conventions. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly pools = new Map<string, () => PoolUse>();

  readonly operations = this.counter('lookalike_operations_total', 'Operations by what came of them.', [
    'type',
    'operation',
    'code',
  ]);
  readonly operationSeconds = this.histogram(
    'lookalike_operation_duration_seconds',
    'Time from the arrival of an operation to its answer; of a subscription until it is accepted.',
    ['type', 'operation'],
  );
  readonly running = this.gauge('lookalike_operations_in_flight', 'Operations that are not answered yet.', []);
  readonly errors = this.counter('lookalike_errors_total', 'Errors in answers and streams by their code.', ['code']);
  readonly stageSeconds = this.histogram(
    'lookalike_stage_duration_seconds',
    'Time of one stage of a search or of a backfill.',
    ['stage', 'purpose'],
  );
  readonly queued = this.gauge('lookalike_model_queue_length', 'Images and texts that wait for the model.', [
    'purpose',
  ]);
  readonly open = this.gauge('lookalike_open_connections', 'WebSockets and event streams that are open.', ['kind']);
  readonly images = this.counter('lookalike_backfill_images_total', 'Images that backfills are done with.', ['result']);
  readonly failures = this.counter('lookalike_backfill_failures_total', 'Images that failed, by reason.', ['reason']);
  readonly batches = this.counter('lookalike_backfill_batches_total', 'Batches that backfills stored.', []);
  readonly batchSeconds = this.histogram('lookalike_backfill_batch_duration_seconds', 'Time of storing a batch.', []);
  readonly runs = this.counter('lookalike_backfill_runs_total', 'Backfills that this process ended.', ['state']);

  constructor() {
    const connections = 'lookalike_database_connections';
    this.gauge(connections, 'Open connections to a database.', ['database', 'state'], (gauge) => {
      for (const [database, { total, idle }] of this.poolUses()) {
        gauge.set({ database, state: 'idle' }, idle);
        gauge.set({ database, state: 'busy' }, total - idle);
      }
    });
    const waiting = 'lookalike_database_waiting_requests';
    this.gauge(waiting, 'What waits for a connection to a database.', ['database'], (gauge) => {
      for (const [database, use] of this.poolUses()) gauge.set({ database }, use.waiting);
    });
    this.beginAtZero();
  }

  /** @param name - of the database, as the metrics call it. */
  watchPool(name: string, use: () => PoolUse): void {
    this.pools.set(name, use);
  }

  /** In Prometheus's text format, the process's own metrics among them. */
  async text(): Promise<string> {
    return `${await this.registry.metrics()}\n${await processRegistry().metrics()}`;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** What has not happened yet is there too: a rate needs a value before the first one. */
  private beginAtZero(): void {
    for (const purpose of PURPOSES) {
      this.queued.set({ purpose }, 0);
      for (const stage of STAGES) this.stageSeconds.zero({ stage, purpose });
    }
    for (const kind of OPEN_THINGS) this.open.set({ kind }, 0);
    for (const result of ['embedded', 'skipped', 'failed']) this.images.inc({ result }, 0);
    for (const state of END_STATES) this.runs.inc({ state }, 0);
  }

  private poolUses(): [name: string, use: PoolUse][] {
    return [...this.pools].map(([name, use]) => [name, use()]);
  }

  private counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [this.registry] });
  }

  private gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect?: (gauge: Gauge<Label>) => void,
  ): Gauge<Label> {
    const gauge: Gauge<Label> = new Gauge<Label>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(collect && { collect: () => collect(gauge) }),
    });
    return gauge;
  }
}

let ofProcess: Registry | null = null;

/** Made once a process, whatever is started in it: what it listens to can't be let go of. */
function processRegistry(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}
