import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHeldPhotographs, type HeldPhotographs } from '../support/held-photographs.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const ORIGIN = 'https://shop.example';

const REFUSED = {
  errors: [
    {
      message: 'The server has no room for more than 1 operations at a time: try again in 100 ms.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 100 },
    },
  ],
};

/** An operation that is received before it is refused. */
const LARGE = JSON.stringify({ query: '{ __typename }', extensions: { padding: 'x'.repeat(300_000) } });

let photographs: HeldPhotographs;
let shop: TestShop;
/** The operation that takes the only place until its photograph is let out. */
let waiting: Promise<Answer>;

beforeAll(async () => {
  photographs = await startHeldPhotographs(1);
  const { catalog, host } = photographs;
  const env = { MAX_OPERATIONS: '1', QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS: host.host, ALLOWED_ORIGINS: ORIGIN };
  shop = await startTestShop({ catalog, env: { ...env, METRICS_PORT: '0' } });
  const asked = host.nextRequest();
  waiting = shop.query(
    `mutation { createQueryImage(input: { url: "${host.origin}/1.jpg" }) { queryImage { width } } }`,
  );
  await asked;
});

afterAll(async () => {
  await shop.close();
  await photographs.close();
});

const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${shop.app.url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

async function countOf(metric: string): Promise<number> {
  const text = await (await fetch(`${shop.app.metricsUrl ?? ''}metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${metric} `));
  return Number(line?.slice(metric.length + 1) ?? 0);
}

describe('an operation past what there is room for', () => {
  it('is told when to come again, by HTTP too', async () => {
    const answer = await post('{"query":"{ __typename }"}');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toEqual(REFUSED);
    const search = new URLSearchParams({ query: '{ __typename }' });
    const got = await fetch(`${shop.app.url}graphql?${search.toString()}`);
    expect([got.status, await got.json()]).toEqual([503, REFUSED]);
  });

  it('has the headers of every other answer', async () => {
    const headers = { origin: ORIGIN, 'x-request-id': 'mine-1' };
    const refused = Object.fromEntries((await post('{"query":"{ __typename }"}', headers)).headers);
    const other = Object.fromEntries((await post(LARGE, headers)).headers);
    const inCommon = Object.keys(other).filter((name) => !['date', 'etag'].includes(name));
    expect(inCommon).toEqual(
      expect.arrayContaining(['access-control-allow-origin', 'content-security-policy', 'x-request-id', 'vary']),
    );
    for (const name of inCommon) expect([name, refused[name]]).toEqual([name, other[name]]);
    const foreign = await post('{"query":"{ __typename }"}', { origin: 'https://elsewhere.example' });
    expect(foreign.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('is counted', async () => {
    const metrics = [
      'lookalike_operations_total{type="none",operation="invalid",code="SERVICE_UNAVAILABLE"}',
      'lookalike_errors_total{code="SERVICE_UNAVAILABLE"}',
    ];
    const before = await Promise.all(metrics.map(countOf));
    await post('{"query":"{ __typename }"}');
    expect(await Promise.all(metrics.map(countOf))).toEqual(before.map((count) => count + 1));
  });

  it('need not have come whole, and leaves its connection to the next request', async () => {
    const socket = connect(Number(new URL(shop.app.url).port), '127.0.0.1');
    const body = '{"query":"{ __typename }"}';
    const [first, second] = [body.slice(0, 9), body.slice(9)];
    const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answers: string[] = [];
    socket.on('data', (chunk: Buffer) => answers.push(chunk.toString('latin1')));
    const countAnswers = () => answers.join('').split('HTTP/1.1 503 ').length - 1;
    socket.write(head + first);
    await until('the refusal has come', () => countAnswers() === 1);
    socket.write(second + head + body);
    await until('the next one has come', () => countAnswers() === 2);
    expect(answers.join('')).not.toMatch(/connection: close/i);
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
  });

  it('is received first where its body is large', async () => {
    const answer = await post(LARGE);
    expect([answer.status, await answer.json()]).toEqual([503, REFUSED]);
    const socket = connect(Number(new URL(shop.app.url).port), '127.0.0.1');
    const answers: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => answers.push(chunk));
    const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${LARGE.length}\r\n\r\n`;
    await new Promise((resolve) => socket.write(head, resolve));
    // By then its head has come, too.
    for (let others = 0; others < 10; others += 1) await post('{"query":"{ __typename }"}');
    expect(answers).toEqual([]);
    socket.write(LARGE);
    await until('the refusal has come', () => Buffer.concat(answers).toString().startsWith('HTTP/1.1 503 '));
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
  });

  it('leaves alone what is no operation', async () => {
    expect((await fetch(`${shop.app.url}livez`)).status).toBe(200);
    expect((await fetch(`${shop.app.url}readyz`)).status).toBe(200);
    const preflight = await fetch(`${shop.app.url}graphql`, { method: 'OPTIONS', headers: { origin: ORIGIN } });
    expect(preflight.status).toBe(204);
    const stream = await fetch(`${shop.app.url}graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: '{"query":"subscription { embeddingStatus { sequence } }"}',
    });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
  });

  it('is answered again when there is room', async () => {
    photographs.release(1);
    expect(await waiting).toMatchObject({ data: { createQueryImage: { queryImage: { width: 160 } } } });
    await until('there is room again', async () => (await shop.query('{ __typename }')).status === 200);
  });
});
