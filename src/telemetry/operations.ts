import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../log.js';
import type { Arrival, ObservedOperation, OpenThing, OperationName, OperationObserver, Stage } from '../observer.js';
import { operationLabel } from './operation-label.js';
import type { Metrics } from './metrics.js';
import type { OperationSpan, Tracing } from './tracing.js';

/** What an asynchronous flow is a part of. */
export interface Work {
  purpose: 'search' | 'backfill';
  /** Null for the endless work of a worker, whose stages nobody adds up. */
  operation: RunningOperation | null;
}

/** Follows work through everything it awaits, so that a stage finds out what it belongs to. */
export type CurrentWork = AsyncLocalStorage<Work>;

export interface OperationsOptions {
  current: CurrentWork;
  metrics: Metrics;
  tracing: Tracing;
  /** Operations that take longer are logged, in milliseconds. */
  slowOperationMs: number;
  log: Log;
}

/** Counts, times, traces and logs operations. */
export class Operations implements OperationObserver {
  constructor(private readonly options: OperationsOptions) {}

  run<T>(arrival: Arrival, work: (operation: ObservedOperation) => T): T {
    const { current } = this.options;
    const operation = new RunningOperation(arrival, this.options);
    return current.run({ purpose: 'search', operation }, () => work(operation));
  }

  current(): ObservedOperation | null {
    return this.options.current.getStore()?.operation ?? null;
  }

  failed(code: string): void {
    this.options.metrics.errors.inc({ code });
    this.options.current.getStore()?.operation?.failed(code);
  }

  turnedAway(code: string): void {
    const { metrics } = this.options;
    metrics.errors.inc({ code });
    metrics.operations.inc({ ...operationLabel(null), code });
  }

  opened(what: OpenThing): () => void {
    const gauge = this.options.metrics.open;
    let isOpen = true;
    gauge.inc({ kind: what });
    return () => {
      if (isOpen) gauge.dec({ kind: what });
      isOpen = false;
    };
  }
}

/** Of someone who went away there is no answer whose code could be told. */
const GONE = 'CLIENT_GONE';

/** More than a person names an operation; a client may choose anything. */
const MAX_NAME_LENGTH = 100;

const MAX_FIELDS = 20;

/** One operation, from its arrival to its end. */
export class RunningOperation implements ObservedOperation {
  readonly id: string;
  readonly log: Log;
  private readonly startedMs = performance.now();
  private readonly span: OperationSpan | null;
  /** Milliseconds of each stage so far; a search may go to a database several times. */
  private readonly stages = new Map<Stage, number>();
  private name: OperationName | null = null;
  private code = 'OK';
  private hasEnded = false;

  constructor(
    private readonly arrival: Arrival,
    private readonly options: OperationsOptions,
  ) {
    this.id = arrival.id;
    this.span = options.tracing.startOperation(arrival.traceparent);
    const traceId = this.span?.traceId;
    this.log = options.log.child({ requestId: arrival.id, ...(traceId !== undefined && { traceId }) });
    options.metrics.running.inc();
  }

  named(name: OperationName): void {
    this.name = name;
  }

  failed(code: string): void {
    if (this.code === 'OK') this.code = code;
  }

  noteStage(stage: Stage, ms: number): void {
    this.stages.set(stage, (this.stages.get(stage) ?? 0) + ms);
    if (this.span === null) return;
    const endMs = performance.timeOrigin + performance.now();
    this.span.stage(stage, { startMs: endMs - ms, endMs });
  }

  end({ isGone } = { isGone: false }): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (isGone) this.failed(GONE);
    const { metrics, slowOperationMs } = this.options;
    const { name, code } = this;
    const ms = performance.now() - this.startedMs;
    const labels = operationLabel(name);
    metrics.running.dec();
    metrics.operations.inc({ ...labels, code });
    metrics.operationSeconds.observe(labels, ms / 1000);
    this.span?.end({ name, code });
    if (ms > slowOperationMs) this.log.warn(this.fields(ms), 'slow operation');
    else if (this.log.isLevelEnabled('debug')) this.log.debug(this.fields(ms), 'operation');
  }

  /** What is told of it: nothing of its text, its variables or who sent it. */
  private fields(ms: number): Record<string, unknown> {
    const { name, code, arrival } = this;
    return {
      operation: name?.name?.slice(0, MAX_NAME_LENGTH) ?? null,
      type: name?.type ?? null,
      fields: name?.rootFields.slice(0, MAX_FIELDS) ?? [],
      transport: arrival.transport,
      code,
      ms: Math.round(ms),
      stages: Object.fromEntries([...this.stages].map(([stage, spent]) => [stage, Math.round(spent)])),
    };
  }
}
