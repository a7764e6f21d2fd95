import type { OperationName, Stage } from '../observer.js';
import type { TracesConfig } from '../server-config.js';
import type { Log } from '../log.js';
import type { Close } from '../types.js';

/** A piece of work as traces show it. Times are in milliseconds since 1970, with fractions. */
export interface OperationSpan {
  /** Of 32 hexadecimal digits, for the log. */
  readonly traceId: string;
  /** A part of it that has come to its end. */
  stage(stage: Stage, times: { startMs: number; endMs: number }): void;
  /** @param outcome.code - `OK`, or that of the first error. */
  end(outcome: { name: OperationName | null; code: string }): void;
}

/** Makes spans; where traces are off there is none. */
export interface Tracing {
  startOperation(traceparent: string | undefined): OperationSpan | null;
  batch(times: { startMs: number; endMs: number }, counts: Readonly<Record<string, number>>): void;
  /** Sends what is not sent yet, or gives it up after a few seconds. */
  close: Close;
}

export const NO_TRACING: Tracing = {
  startOperation: () => null,
  batch: () => undefined,
  close: () => Promise.resolve(),
};

/** The libraries are loaded only where traces are wanted: they take their time. */
export async function loadTracing(config: TracesConfig | null, log: Log): Promise<Tracing> {
  if (config === null) return NO_TRACING;
  const { startOpenTelemetry } = await import('./open-telemetry.js');
  return startOpenTelemetry(config, log);
}
