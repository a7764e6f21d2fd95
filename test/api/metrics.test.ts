import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/paths.js';
import { startWorkerProcess } from '../../src/worker.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { silentLog } from '../support/silent-log.js';
import { testPhotograph } from '../support/test-photographs.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

const READ_TOKEN = 'a-token-of-monitoring';

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 3, env: { METRICS_PORT: '0', READ_TOKEN } });
  await shop.backfill();
});

afterAll(() => shop.close());

async function scrape(url = `${shop.app.metricsUrl ?? ''}metrics`, token?: string): Promise<Response> {
  return fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
}

/** The value of a metric by its name and labels as they are written; null where it is not there. */
async function valueOf(metric: string): Promise<number | null> {
  const text = await (await scrape()).text();
  const line = text.split('\n').find((one) => one.startsWith(`${metric} `));
  return line === undefined ? null : Number(line.slice(metric.length + 1));
}

const operations = (type: string, operation: string, code: string) =>
  valueOf(`lookalike_operations_total{type="${type}",operation="${operation}",code="${code}"}`);

describe('/metrics', () => {
  it('needs a token on the port of the server, and none on its own', async () => {
    const url = `${shop.app.url}metrics`;
    const refused = await scrape(url);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('METRICS_PORT') as string, extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await scrape(url, 'not-one-of-the-tokens')).status).toBe(401);
    for (const token of [ADMIN_TOKEN, READ_TOKEN]) {
      const answer = await scrape(url, token);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    }
    expect((await scrape()).status).toBe(200);
    expect((await scrape(`${shop.app.metricsUrl ?? ''}readyz`)).status).toBe(200);
    expect((await scrape(`${shop.app.metricsUrl ?? ''}graphql`)).status).toBe(404);
  });

  it('counts operations by the root fields of the schema and by code, whatever a client calls them', async () => {
    await shop.query('query Mine { product(id: "1") { id } }');
    expect(await operations('query', 'product', 'OK')).toBe(1);
    await shop.query(
      'query Other { alias: product(id: "2") { id } ...More } fragment More on Query { b: product(id: "3") { id } }',
    );
    expect(await operations('query', 'product', 'OK')).toBe(2);
    await shop.query('{ product(id: "1") { id } embeddingStatus { sequence } }');
    expect(await operations('query', 'several', 'OK')).toBe(1);
    await shop.query('mutation { startEmbeddingBackfill { backfill { id } } }');
    expect(await operations('mutation', 'startEmbeddingBackfill', 'UNAUTHENTICATED')).toBe(1);
    await shop.query('{ noSuchFieldAtAll }');
    expect(await operations('none', 'invalid', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
    expect(await (await scrape()).text()).not.toMatch(/noSuchFieldAtAll|Mine|alias/);
    expect(await valueOf('lookalike_operation_duration_seconds_count{type="query",operation="product"}')).toBe(2);
    expect(await valueOf('lookalike_operations_in_flight')).toBe(0);
  });

  it('times the stages of searches and of backfills apart', async () => {
    const query = 'query ($image: Upload) { similarProducts(image: $image) { nodes { id } } }';
    await shop.upload(await testPhotograph(1), query);
    const count = (stage: string, purpose: string) =>
      valueOf(`lookalike_stage_duration_seconds_count{stage="${stage}",purpose="${purpose}"}`);
    for (const stage of ['receive', 'decode', 'search']) expect(await count(stage, 'search'), stage).toBe(1);
    expect(await count('hydrate', 'search')).toBeGreaterThan(0);
    for (const stage of ['receive', 'decode']) expect(await count(stage, 'backfill'), stage).toBe(3);
  });

  it('counts what backfills did', async () => {
    expect(await valueOf('lookalike_backfill_images_total{result="embedded"}')).toBe(3);
    expect(await valueOf('lookalike_backfill_runs_total{state="COMPLETED"}')).toBe(1);
    expect(await valueOf('lookalike_backfill_batches_total')).toBeGreaterThan(0);
    await shop.changeCatalogue(`update product_images set image_url = 'gone.jpg' where id = 1`);
    await shop.backfill();
    expect(await valueOf('lookalike_backfill_failures_total{reason="NOT_FOUND"}')).toBe(1);
    expect(await valueOf('lookalike_backfill_images_total{result="failed"}')).toBe(1);
  });

  it('tells of connections, open streams and the event loop', async () => {
    expect(await valueOf('lookalike_database_connections{database="vector",state="idle"}')).toBeGreaterThan(0);
    expect(await valueOf('lookalike_database_waiting_requests{database="catalogue"}')).toBe(0);
    expect(await valueOf('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    const stream = await fetch(
      `${shop.app.url}graphql/stream?query=${encodeURIComponent('subscription { embeddingStatus { sequence } }')}`,
      { headers: { accept: 'text/event-stream' } },
    );
    expect(await valueOf('lookalike_open_connections{kind="stream"}')).toBe(1);
    expect(await operations('subscription', 'embeddingStatus', 'OK')).toBe(1);
    await stream.body?.cancel();
  });

  it('has every metric that the dashboard asks for', async () => {
    const file = await readFile(join(projectRoot, 'docs/grafana-dashboard.json'), 'utf8');
    const queries = [...file.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
    const text = await (await scrape()).text();
    const known = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1]));
    const asked = queries.flatMap((query) => query.match(/\b(?:lookalike|nodejs|process)_\w+/g) ?? []);
    expect(queries.length).toBeGreaterThan(10);
    const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
    expect(asked.filter((name) => !known.has(name) && !known.has(base(name)))).toEqual([]);
  });

  it('is documented metric by metric', async () => {
    const guide = await readFile(join(projectRoot, 'docs/observability.md'), 'utf8');
    const text = await (await scrape()).text();
    const names = [...text.matchAll(/^# TYPE (lookalike_\w+) /gm)].map((match) => match[1] ?? '');
    expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  it('is there for a worker too', async () => {
    const overrides = { encoder: makeDeterministicEncoder(), log: silentLog };
    const worker = await startWorkerProcess(shop.config, overrides);
    const url = worker.metricsUrl ?? '';
    const ready = (await (await scrape(`${url}readyz`)).json()) as { checks: Record<string, unknown> };
    const metrics = await (await scrape(`${url}metrics`)).text();
    await worker.close();
    expect(ready).toMatchObject({ status: 'ready', checks: { catalogue: { ok: true }, vectorDatabase: { ok: true } } });
    expect(ready.checks).not.toHaveProperty('model');
    expect(metrics).toContain('lookalike_backfill_images_total{result="embedded"} 0');
    await expect(scrape(`${url}livez`)).rejects.toThrow();
  });
});
