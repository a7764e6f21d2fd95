import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code: number };
}

interface OtlpRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: OtlpSpan[] }[];
  }[];
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

let collector: Server;
let shop: TestShop;
const received: OtlpRequest[] = [];
let spans: OtlpSpan[];

/** Takes traces as OpenTelemetry's collector does, as JSON over HTTP. */
async function startCollector(): Promise<string> {
  collector = createServer((request, response) => {
    void json(request).then((body) => {
      if (request.url === '/v1/traces') received.push(body as OtlpRequest);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  return `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const endpoint = await startCollector();
  shop = await startTestShop({
    products: 2,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: 'shoe-search' },
  });
  await shop.backfill();
  const body = new FormData();
  const query = 'query ($image: Upload) { similarProducts(image: $image) { nodes { id } } }';
  body.set('operations', JSON.stringify({ query, variables: { image: null } }));
  body.set('map', '{"0":["variables.image"]}');
  body.set('0', new Blob([new Uint8Array(await testPhotograph(1))]), 'secret-name.jpg');
  const headers = { 'apollo-require-preflight': 'true', traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` };
  await (await fetch(`${shop.app.url}graphql`, { method: 'POST', headers, body })).json();
  await shop.query('{ nonsense }', {}, { traceparent: 'rubbish' });
  // What is not sent yet is sent as the server stops.
  await shop.close();
  spans = received.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
});

afterAll(() => {
  collector.close();
});

describe('traces', () => {
  it('have a span of an operation, as a part of what the client was doing', () => {
    const operation = spans.find(({ name }) => name === 'query similarProducts');
    expect(operation).toMatchObject({ traceId: TRACE_ID, parentSpanId: SPAN_ID, status: { code: 0 } });
  });

  it('have a span of each of its stages beneath it', () => {
    const operation = spans.find(({ name }) => name === 'query similarProducts');
    const children = spans.filter(({ parentSpanId }) => parentSpanId === operation?.spanId);
    const names = new Set(children.map(({ name }) => name));
    for (const stage of ['receive', 'decode', 'search', 'hydrate']) expect(names).toContain(stage);
    for (const { traceId, startTimeUnixNano, endTimeUnixNano } of children) {
      expect(traceId).toBe(TRACE_ID);
      expect(BigInt(startTimeUnixNano)).toBeLessThanOrEqual(BigInt(endTimeUnixNano));
    }
  });

  it('show what failed, in a trace of its own where the client names none that is valid', () => {
    const invalid = spans.find(({ name }) => name === 'graphql');
    expect(invalid).toMatchObject({ status: { code: 2 } });
    expect(invalid?.parentSpanId).toBeFalsy();
  });

  it('have a span of each batch of a backfill', () => {
    expect(spans.filter(({ name }) => name === 'backfill batch').length).toBeGreaterThan(0);
  });

  it('name the service, and nothing that was sent', () => {
    const [attributes] = received.flatMap(({ resourceSpans }) =>
      resourceSpans.map(({ resource }) => resource.attributes),
    );
    expect(attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'shoe-search' } });
    expect(JSON.stringify(received)).not.toMatch(/secret-name|nonsense|variables|authorization/);
  });
});
