import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepDrawnDemo } from '../support/drawn-demo.js';
import { runBench } from '../support/run-bench.js';
import { launchProgram, startProgram, type RunningCli } from '../support/run-cli.js';
import { until } from '../support/until.js';

/** The first start draws and embeds the whole demo. */
const START_MS = 180_000;

interface LogLine {
  msg: string;
  url?: string;
  adminToken?: string;
  state?: string;
  embedded?: number;
}

let folder: string;
let server: RunningCli;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-demo-'));
  server = launchProgram('main', [], environment());
  url = (await logged(server, 'Lookalike is ready')).url ?? '';
}, START_MS);

afterAll(async () => {
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  return { DATA_DIR: join(folder, 'data'), PORT: '0', LOG_FORMAT: 'json' };
}

/** Waits until a program has logged a message. */
function logged(program: RunningCli, message: string): Promise<LogLine> {
  const find = (): LogLine | undefined => {
    const lines = program.stderr().split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogLine).find(({ msg }) => msg === message);
  };
  return until(message, find, START_MS);
}

const SEARCH = `query ($image: Upload) {
  similarProducts(image: $image, limit: 3) { edges { similarity node { id title price } image { url } } }
}`;

async function search(picture: Buffer): Promise<unknown> {
  const body = new FormData();
  body.set('operations', JSON.stringify({ query: SEARCH, variables: { image: null } }));
  body.set('map', '{"0":["variables.image"]}');
  body.set('0', new Blob([new Uint8Array(picture)]), 'photo.jpg');
  const headers = { 'apollo-require-preflight': 'true' };
  const response = await fetch(`${url}graphql`, { method: 'POST', headers, body });
  return ((await response.json()) as { data: { similarProducts: { edges: unknown[] } } }).data.similarProducts.edges;
}

/** The products that are most like the words. */
async function searchByWords(text: string, limit: number): Promise<unknown[]> {
  const query = `query ($text: String, $limit: Int!) {
    searchProducts(input: { text: $text }, limit: $limit) { nodes { title category } }
  }`;
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { text, limit } }),
  });
  const { data } = (await response.json()) as { data: { searchProducts: { nodes: unknown[] } } };
  return data.searchProducts.nodes;
}

describe('the server with nothing configured', { timeout: START_MS }, () => {
  it('says where it is, on what it runs, and the admin token that it made', async () => {
    expect(url).toMatch(/^http:\/\/localhost:\d+\/$/);
    expect(await logged(server, 'it runs on')).toMatchObject({ catalogue: 'demo', vectors: 'embedded Postgres' });
    const { adminToken = '' } = await logged(server, 'made an admin token for this start; set ADMIN_TOKEN to keep one');
    const response = await fetch(`${url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
      body: '{"query":"{ embeddingBackfills { pageInfo { hasNextPage } } }"}',
    });
    expect(await response.json()).toEqual({ data: { embeddingBackfills: { pageInfo: { hasNextPage: false } } } });
  });

  it('embeds the demo by itself, and finds a product by its picture', async () => {
    const done = await logged(server, 'backfill done');
    expect(done).toMatchObject({ state: 'COMPLETED', embedded: 384, failed: 0 });
    // The tests of the page need not draw them again.
    await keepDrawnDemo(join(folder, 'data', 'demo'));
    const picture = await readFile(join(folder, 'data', 'demo', 'mugs', '0001-1.jpg'));
    const [first, second] = (await search(picture)) as { similarity: number; node: { id: string } }[];
    expect(first).toMatchObject({ node: { id: '1' }, image: { url: '/images/mugs/0001-1.jpg' } });
    expect(first?.similarity).toBeGreaterThan(0.99);
    expect(second?.similarity).toBeLessThan(0.99);
  });

  it.each([
    ['red sneakers', 2, 'Sneakers', / red /],
    ['sofas', 10, 'Sofas', /./],
  ])('finds by words: "%s"', async (text, count, category, title) => {
    await logged(server, 'backfill done');
    const expected = { title: expect.stringMatching(title) as unknown, category };
    expect(await searchByWords(text, count)).toEqual(Array.from({ length: count }, () => expected));
  });

  it('finds by words from the command line', async () => {
    const { code, stdout } = await startProgram('cli', ['search', '--text', 'red sneakers', '-n', '2'], environment())
      .ended;
    expect(code).toBe(0);
    const found = stdout.trimEnd().split('\n').slice(1);
    expect(found).toEqual([1, 2].map(() => expect.stringMatching(/^0\.\d{3} +\d+ +\w+ red .*sneakers/) as unknown));
  });

  it('finds the one striped mug near the top', async () => {
    const striped = { title: 'Striped forest stoneware mug', category: 'Mugs' };
    expect(await searchByWords('striped mug', 3)).toContainEqual(striped);
  });

  it('keeps a second server off its data folder', async () => {
    const second = await startProgram('main', [], environment()).ended;
    expect(second.code).toBe(1);
    expect(second.stderr).toBe(
      `lookalike: Another Lookalike process (pid ${server.process.pid ?? ''}) is using the data folder. ` +
        'Stop it, or set DATA_DIR to another folder.\n',
    );
  });

  it('shares its database with the commands', async () => {
    const picture = join(folder, 'data', 'demo', 'mugs', '0001-1.jpg');
    const { code, stdout } = await startProgram('cli', ['search', picture, '-n', '1'], environment()).ended;
    expect(code).toBe(0);
    expect(stdout.split('\n')[1]).toMatch(/^1\.000 +1 /);
  });

  it('stops in order when it is told to, and embeds nothing again at the next start', async () => {
    server.process.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
    expect(existsSync(join(folder, 'data', 'lookalike.lock'))).toBe(false);
    await server.kill();
    server = launchProgram('main', [], environment());
    url = (await logged(server, 'Lookalike is ready')).url ?? '';
    const picture = await readFile(join(folder, 'data', 'demo', 'mugs', '0001-1.jpg'));
    expect(await search(picture)).toMatchObject([{ node: { id: '1' } }, {}, {}]);
    server.process.kill('SIGTERM');
    expect((await server.ended).stderr).not.toContain('planned the backfill');
  });

  it('still has its start measured', async () => {
    const { reports } = await runBench('start', ['--rounds', '1', '--data-dir', join(folder, 'data')], ['start']);
    expect(reports).toMatchObject([{ figures: [{ unit: 's', goal: { atMost: 3 } }] }]);
    expect(reports[0]?.figures[0]?.value.median).toBeGreaterThan(0);
  });
});
