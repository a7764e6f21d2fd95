import { parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { nameOf, requestIdOf } from '../../src/server/observability/watch-operations.js';
import { operationLabel } from '../../src/telemetry/operation-label.js';
import { loadTelemetry } from '../../src/telemetry/telemetry.js';
import { makeRecordedLog } from '../support/recorded-log.js';

const arrival = { id: 'one', transport: 'http', traceparent: undefined } as const;

async function watched(env: Record<string, string> = {}) {
  const recorded = makeRecordedLog('debug');
  return { ...(await loadTelemetry(loadConfig(env).telemetry, recorded.log)), entries: recorded.entries };
}

function named(document: string) {
  const parsed = parse(document);
  return nameOf({ document: parsed, operation: parsed.definitions[0] as OperationDefinitionNode });
}

describe('the name of an operation', () => {
  it('has the root fields of all its fragments, each once, and no alias', () => {
    const document = `query Q { a: product ...F ... on Query { status } ...F }
      fragment F on Query { b: product facets ...G } fragment G on Query { ...F duplicates }`;
    expect(named(document)).toEqual({
      type: 'query',
      name: 'Q',
      rootFields: ['product', 'facets', 'duplicates', 'status'],
    });
  });

  it.each([
    ['{ product }', { type: 'query', operation: 'product' }],
    ['{ __typename product }', { type: 'query', operation: 'product' }],
    ['{ product facets }', { type: 'query', operation: 'several' }],
    ['{ __schema { a } }', { type: 'query', operation: 'introspection' }],
    ['mutation { createQueryImage }', { type: 'mutation', operation: 'createQueryImage' }],
  ])('gives %s a label out of a bounded number', (document, label) => {
    expect(operationLabel(named(document))).toEqual(label);
  });

  it('is invalid where it is not known', () => {
    expect(operationLabel(null)).toEqual({ type: 'none', operation: 'invalid' });
  });
});

describe('what watches operations', () => {
  it('keeps the stages of two operations at the same time apart', async () => {
    const { operations, observer, entries } = await watched();
    const run = (id: string, stages: readonly ('search' | 'hydrate' | 'decode')[]) =>
      operations.run({ ...arrival, id }, async (operation) => {
        for (const stage of stages) await observer.time(stage, () => Promise.resolve());
        operation.end();
      });
    await Promise.all([run('one', ['search', 'hydrate', 'search']), run('two', ['decode'])]);
    const stagesOf = (id: string) => Object.keys(entries.find(({ requestId }) => requestId === id)?.stages ?? {});
    expect(stagesOf('one')).toEqual(['search', 'hydrate']);
    expect(stagesOf('two')).toEqual(['decode']);
  });

  it('counts an operation once, however often it ends, with the first code', async () => {
    const { operations, metrics } = await watched();
    operations.run(arrival, (operation) => {
      operation.named({ type: 'query', name: null, rootFields: ['product'] });
      operations.failed('NOT_FOUND');
      operations.failed('CONFLICT');
      operation.end();
      operation.end({ isGone: true });
    });
    const text = await metrics.text();
    expect(text).toContain('lookalike_operations_total{type="query",operation="product",code="NOT_FOUND"} 1');
    expect(text).toContain('lookalike_errors_total{code="CONFLICT"} 1');
    expect(text).toContain('lookalike_operations_in_flight 0');
    expect(text).not.toContain('CLIENT_GONE');
  });

  it('counts who did not wait for the answer', async () => {
    const { operations, metrics } = await watched();
    operations.run(arrival, (operation) => operation.end({ isGone: true }));
    expect(await metrics.text()).toContain('operation="invalid",code="CLIENT_GONE"} 1');
  });

  it('passes on what a stage throws, and counts it all the same', async () => {
    const { observer, metrics } = await watched();
    await expect(observer.time('search', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await metrics.text()).toContain('lookalike_stage_duration_seconds_count{stage="search",purpose="search"} 1');
  });

  it('counts the stages of backfills as theirs', async () => {
    const { observer, backfills, metrics } = await watched();
    await backfills.run(() => observer.time('decode', () => Promise.resolve()));
    expect(await metrics.text()).toContain('_count{stage="decode",purpose="backfill"} 1');
  });

  it('counts what is open until it is closed', async () => {
    const { operations, metrics } = await watched();
    const close = operations.opened('socket');
    expect(await metrics.text()).toContain('lookalike_open_connections{kind="socket"} 1');
    close();
    close();
    expect(await metrics.text()).toContain('lookalike_open_connections{kind="socket"} 0');
  });
});

describe('the id of a request', () => {
  it.each([['abc'], ['A-1.b:c_9'], ['x'.repeat(64)]])('is %s as it came', (given) => {
    expect(requestIdOf({ 'x-request-id': given })).toBe(given);
  });

  it.each([[undefined], [''], ['a\nb'], ['x'.repeat(65)], ['ä']])('is a new one in the place of %j', (given) => {
    expect(requestIdOf({ 'x-request-id': given })).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('traces', () => {
  const tracesOf = (env: Record<string, string>) => loadConfig(env).telemetry.traces;

  it('go where the variables of OpenTelemetry say', () => {
    expect(tracesOf({})).toBeNull();
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318/';
    expect(tracesOf({ OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual({
      url: 'http://collector:4318/v1/traces',
      serviceName: null,
    });
    const OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = 'http://other:4318/in';
    expect(tracesOf({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT })?.url).toBe(
      'http://other:4318/in',
    );
    expect(tracesOf({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBeNull();
  });

  it('that no collector takes keep no process from stopping', async () => {
    const { operations, close } = await watched({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    operations.run(arrival, (operation) => operation.end());
    await expect(close()).resolves.toBeUndefined();
  });
});
