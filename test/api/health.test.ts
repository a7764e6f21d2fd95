import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgresProxy, type PostgresProxy } from '../support/postgres-proxy.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeRecordedLog, type LogEntry } from '../support/recorded-log.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

interface Ready {
  status: string;
  checks: Record<string, { ok: boolean; message?: string }>;
}

let vectors: TestDatabase;
let proxy: PostgresProxy;
let shop: TestShop;
let entries: LogEntry[];

beforeAll(async () => {
  vectors = await startTestDatabase();
  proxy = await startPostgresProxy(vectors.url);
  const recorded = makeRecordedLog('info');
  ({ entries } = recorded);
  shop = await startTestShop({
    products: 1,
    env: { VECTOR_DATABASE_URL: proxy.url, PUBLIC_ACCESS: 'none', WORKERS: '0' },
    overrides: { log: recorded.log },
  });
});

afterAll(async () => {
  await shop.close();
  await proxy.close();
  await vectors.close();
});

async function ask(path: string): Promise<{ status: number; kept: string | null; body: Ready }> {
  const response = await fetch(`${shop.app.url}${path}`);
  const kept = response.headers.get('cache-control');
  return { status: response.status, kept, body: (await response.json()) as Ready };
}

describe('/livez and /readyz', () => {
  it('answer anybody, and are kept by no cache', async () => {
    expect(await ask('livez')).toEqual({ status: 200, kept: 'no-store', body: { status: 'alive' } });
    const checks = {
      catalogue: { ok: true },
      vectorDatabase: { ok: true },
      migrations: { ok: true },
      model: { ok: true },
    };
    expect(await ask('readyz')).toEqual({ status: 200, kept: 'no-store', body: { status: 'ready', checks } });
  });

  it('ask the databases once for all who ask at the same time', async () => {
    const before = proxy.statements.filter((sql) => sql === 'select 1').length;
    await until('earlier results are too old', async () => {
      await ask('readyz');
      return proxy.statements.filter((sql) => sql === 'select 1').length > before;
    });
    const asked = proxy.statements.length;
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask('readyz')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    // Forty askers may meet the end of that second once.
    expect(proxy.statements.filter((sql) => sql === 'select 1').length - before).toBeLessThanOrEqual(3);
    expect(proxy.statements.length - asked).toBeLessThanOrEqual(10);
  });

  it('go on in time while a database swallows everything, with one connection for all checks, and after it', async () => {
    proxy.setNetwork('black hole');
    const attempts = proxy.connectionAttempts();
    const { body } = await until('it is not ready', async () => {
      const answer = await ask('readyz');
      return answer.status === 503 ? answer : null;
    });
    expect(body.status).toBe('not ready');
    expect(body.checks).toMatchObject({
      catalogue: { ok: true },
      vectorDatabase: { ok: false, message: 'There was no answer within 2000 ms.' },
    });
    await Promise.all(Array.from({ length: 20 }, () => ask('readyz')));
    expect((await ask('livez')).status).toBe(200);
    expect(proxy.connectionAttempts() - attempts).toBeLessThanOrEqual(2);
    proxy.setNetwork('up');
    await until('it is ready again', async () => (await ask('readyz')).status === 200);
  });

  it('say which migration state is wanted', async () => {
    await vectors.database.query(`update lookalike_migrations set name = name || '-x' where id = 1`);
    const { body } = await until('it is not ready', async () => {
      const answer = await ask('readyz');
      return answer.status === 503 ? answer : null;
    });
    expect(body.checks.migrations).toEqual({
      ok: false,
      message: 'The vector database is not up to date: run `lookalike migrate`.',
    });
    await vectors.database.query(`update lookalike_migrations set name = replace(name, '-x', '') where id = 1`);
    await until('it is ready again', async () => (await ask('readyz')).status === 200);
  });

  it('are silent in the log', () => {
    expect(entries.filter(({ msg }) => /check|ready|health/i.test(msg))).toEqual([]);
  });

  it('say that the process is stopping as soon as it is, while requests come to their end', async () => {
    const held = connect(Number(new URL(shop.app.url).port), '127.0.0.1');
    // A request whose body does not come keeps the server open.
    held.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{');
    const { health } = shop.app;
    const closing = shop.app.close();
    expect(await health.readiness()).toEqual({
      isReady: false,
      checks: { process: { ok: false, message: 'This process is stopping.' } },
    });
    held.destroy();
    await closing;
  });
});
