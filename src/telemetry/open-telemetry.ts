import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  diag,
  isSpanContextValid,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Log } from '../log.js';
import type { OperationName } from '../observer.js';
import type { TracesConfig } from '../server-config.js';
import { operationLabel } from './operation-label.js';
import type { OperationSpan, Tracing } from './tracing.js';

/** How long the last spans may take on their way out when the process stops. */
const FLUSH_DEADLINE_MS = 3000;

/** Starts sending traces. What is not said in `config` the libraries take from their own environment variables. */
export function startOpenTelemetry({ url, serviceName }: TracesConfig, log: Log): Tracing {
  listenToComplaints(log);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'lookalike' }))
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes(serviceName === null ? {} : { 'service.name': serviceName }));
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url }));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer('lookalike');
  return {
    startOperation: (traceparent) => new TracedOperation(tracer, traceparent),
    batch: ({ startMs, endMs }, counts) => {
      const attributes = prefixed('lookalike.images.', counts);
      tracer.startSpan('backfill batch', { startTime: startMs, attributes }, ROOT_CONTEXT).end(endMs);
    },
    close: () => withinDeadline(provider.shutdown(), log),
  };
}

class TracedOperation implements OperationSpan {
  private readonly span: Span;
  private readonly context: Context;

  constructor(
    private readonly tracer: Tracer,
    traceparent: string | undefined,
  ) {
    const parent = parentOf(traceparent);
    this.span = tracer.startSpan('graphql', { kind: SpanKind.SERVER }, parent);
    this.context = trace.setSpan(parent, this.span);
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  stage(stage: string, { startMs, endMs }: { startMs: number; endMs: number }): void {
    this.tracer.startSpan(stage, { startTime: startMs }, this.context).end(endMs);
  }

  end({ name, code }: { name: OperationName | null; code: string }): void {
    const { type, operation } = operationLabel(name);
    this.span.updateName(name === null ? 'graphql' : `${type} ${operation}`);
    this.span.setAttributes({ 'graphql.operation.type': type, 'lookalike.code': code });
    if (code !== 'OK') this.span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    this.span.end();
  }
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})(?:-.*)?$/;

/** https://www.w3.org/TR/trace-context/#traceparent-header; one that is malformed counts for none. */
function parentOf(traceparent: string | undefined): Context {
  const { traceId = '', spanId = '', flags = '0' } = TRACEPARENT.exec(traceparent ?? '')?.groups ?? {};
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const parent = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix}${name}`, count]));
}

/** A collector that is away is reported by the libraries in this way, and nothing waits for it. */
function listenToComplaints(log: Log): void {
  const complain = (message: string, ...rest: unknown[]): void => {
    log.warn({ from: 'opentelemetry', detail: rest.map(String) }, message.slice(0, 200));
  };
  const pass = (): void => undefined;
  diag.setLogger(
    { error: complain, warn: complain, info: pass, debug: pass, verbose: pass },
    { suppressOverrideMessage: true },
  );
}

async function withinDeadline(shutdown: Promise<void>, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FLUSH_DEADLINE_MS);
  });
  const flushed = shutdown.catch((error: unknown) => {
    log.warn({ err: error }, 'the last traces could not be sent');
  });
  await Promise.race([flushed, late]);
  clearTimeout(timer);
}
