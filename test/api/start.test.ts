import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startApp } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { startEmptyTestDatabase, startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { createCatalog, numberedCatalog } from '../support/catalog-fixture.js';
import { startProgram } from '../support/run-cli.js';
import { silentLog } from '../support/silent-log.js';

let folder: string;
let empty: TestDatabase;
let vectors: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-start-'));
  [empty, vectors] = await Promise.all([startEmptyTestDatabase(), startTestDatabase()]);
  await createCatalog(empty.database, numberedCatalog(1));
});

afterAll(async () => {
  await Promise.all([empty.close(), vectors.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** Starts an app that must not start; what it says. */
async function refusalOf(env: Record<string, string>, overrides = {}): Promise<{ code?: string; message: string }> {
  const config = loadConfig({
    DATABASE_URL: empty.url,
    VECTOR_DATABASE_URL: vectors.url,
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    ...env,
  });
  const started = await startApp(config, { encoder: makeDeterministicEncoder(), log: silentLog, ...overrides }).then(
    (app) => app,
    (error: unknown) => error as { code?: string; message: string },
  );
  if ('close' in started) await started.close();
  if (!('message' in started)) throw new Error('It started.');
  return { ...(started.code !== undefined && { code: started.code }), message: started.message };
}

describe('a server that can not start', () => {
  afterEach(() => empty.database.query('set default_transaction_read_only = off'));

  it('says that the vector database is not up to date, and what to do', async () => {
    expect(await refusalOf({ VECTOR_DATABASE_URL: empty.url })).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(
        /^The vector database is not up to date: run `lookalike migrate`, or set MIGRATE_ON_START=true\.$/,
      ) as string,
    });
  });

  it.each([
    ['DATABASE_URL', /^The catalogue database/],
    ['VECTOR_DATABASE_URL', /^The vector database/],
  ])('says that the database of %s does not answer, without its password', async (variable, message) => {
    const closed = await closedPort();
    const refusal = await refusalOf({ [variable]: `postgres://me:hunter2@127.0.0.1:${closed}/shop` });
    expect(refusal.code).toBe('SERVICE_UNAVAILABLE');
    expect(refusal.message).toMatch(message);
    expect(refusal.message).not.toContain('hunter2');
  });

  it('names the tables and columns that the catalogue lacks, all at once', async () => {
    const refusal = await refusalOf({ CATALOG_IMAGES: 'photos' });
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining('`photos`') as string });
    await empty.database.query('set default_transaction_read_only = off');
    await empty.database.query('create table bare (number integer)');
    const { message } = await refusalOf({ CATALOG_PRODUCTS: 'bare', CATALOG_IMAGES: 'bare' });
    for (const missing of ['no id column', 'no image_id column', 'no image_product_id column', 'no image_url column']) {
      expect(message).toContain(missing);
    }
    expect(message).toContain('Found: number.');
  });

  it('says that its port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await refusalOf({ PORT: String(port) })).toEqual({
      code: 'CONFLICT',
      message: `Port ${port} is in use by another program. Stop it, or set PORT to a free one.`,
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it('says that the model does not exist', async () => {
    const refusal = await refusalOf({ CLIP_MODEL: 'clip-of-no-name' }, { encoder: undefined });
    expect(refusal.code).toBe('MODEL_UNAVAILABLE');
    expect(refusal.message).toMatch(/^There is no model "clip-of-no-name"\./);
  });

  it('ends with 1 and one sentence, or one line a fault', async () => {
    const vectorsDown = await startProgram('main', [], {
      DATABASE_URL: empty.url,
      VECTOR_DATABASE_URL: `postgres://me:hunter2@127.0.0.1:${await closedPort()}/v`,
    }).ended;
    expect(vectorsDown).toMatchObject({ code: 1, stdout: '' });
    expect(vectorsDown.stderr).toMatch(/^lookalike: The vector database [^\n]+\.\n$/);
    const wrong = await startProgram('cli', ['serve'], { PORT: 'x', BATCH_SIZE: '0' }).ended;
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toBe(
      'lookalike: The configuration is not usable.\n' +
        '  PORT: "x" is not accepted: it must be a whole number from 0 to 65535.\n' +
        '  BATCH_SIZE: "0" is not accepted: it must be a whole number from 1 to 1000.\n',
    );
  });
});

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
