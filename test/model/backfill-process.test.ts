import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { projectRoot } from '../../src/paths.js';
import { startPostgresProxy } from '../support/postgres-proxy.js';
import { IMAGES, startProcessShop, type PhotographHost, type ProcessShop } from '../support/process-shop.js';
import { startProgram } from '../support/run-cli.js';
import { until } from '../support/until.js';

let shop: ProcessShop;
let host: PhotographHost;
let env: Record<string, string>;

beforeAll(async () => {
  shop = await startProcessShop();
  ({ host, env } = shop);
});

afterAll(() => shop.close());

beforeEach(() => shop.reset());

/** What has to be true of every finished backfill, however it came about. */
async function expectAllEmbeddedOnce(): Promise<void> {
  const rows = await shop.vectors.query<{ id: string; url: string }>(
    'select image_id as id, image_url as url from image_embeddings order by image_id::int',
  );
  const expected = Array.from({ length: IMAGES }, (_, index) => String(index + 1)).filter((id) => id !== '13');
  expect(rows).toEqual(expected.map((id) => ({ id, url: `http://${host.address}/${id}.jpg` })));
  const failures = await shop.vectors.query(
    'select image_id as id, reason, http_status as status from embedding_failures',
  );
  expect(failures).toEqual([{ id: '13', reason: 'NOT_FOUND', status: 404 }]);
  const [run] = await shop.vectors.query(
    `select state, total_count::int as total, embedded_count::int as embedded, skipped_count::int as skipped,
       failed_count::int as failed from embedding_backfills`,
  );
  expect(run).toEqual({ state: 'COMPLETED', total: IMAGES, embedded: IMAGES - 1, skipped: 0, failed: 1 });
}

/** Several programs are started one after another, and each loads the model. */
const SLOW = { timeout: 120_000 };

describe('lookalike backfill', SLOW, () => {
  it('embeds the catalogue, tells what came of it, and lists what failed', async () => {
    const { code, stdout } = await startProgram('cli', ['backfill'], env).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('[########################] 100 %  60 of 60');
    expect(stdout).toContain('59 embedded, 0 were already, 1 failed.');
    expect(stdout).toContain(`By reason: NOT_FOUND 1.\n  image 13: NOT_FOUND  http://${host.address}/13.jpg\n`);
    await expectAllEmbeddedOnce();
  });

  it('that is killed loses no batch that was stored, and the next one embeds nothing twice', async () => {
    host.holdFrom(41);
    const killed = startProgram('cli', ['backfill'], env);
    await until('most is stored', async () => (await shop.storedCount()) >= 30);
    killed.process.kill('SIGKILL');
    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
    const stored = await shop.storedCount();
    host.reset();
    // Its lease runs out by itself in half a minute.
    await shop.vectors.query(
      'update embedding_backfill_jobs set lease_expires_at = now() where lease_expires_at is not null',
    );
    const next = await startProgram('cli', ['backfill'], env).ended;
    expect(next.stdout).toContain('Going on with the backfill');
    expect(next.code).toBe(0);
    expect(host.served.length).toBe(new Set(host.served).size);
    expect(host.served.length).toBeLessThanOrEqual(IMAGES - stored);
    await expectAllEmbeddedOnce();
  });

  it('that is interrupted says how to go on, ends with 130, and goes on at once', async () => {
    host.holdFrom(31);
    const interrupted = startProgram('cli', ['backfill'], env);
    await until('some is stored', async () => (await shop.storedCount()) >= 20);
    interrupted.process.kill('SIGINT');
    const { code, stdout } = await interrupted.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(
      /Interrupted at \d+ of 60 images\.\nWhat is embedded stays\. Run `lookalike backfill` again to go on\.\n$/,
    );
    host.release();
    expect((await startProgram('cli', ['backfill'], env).ended).code).toBe(0);
    await expectAllEmbeddedOnce();
  });
});

describe('lookalike backfill beside others, and with options', SLOW, () => {
  it('leaves the run to other workers when it is interrupted, and says so', async () => {
    const id = await shop.writeRun();
    host.holdFrom(31);
    startProgram('cli', ['worker'], env);
    await until('some is stored', async () => (await shop.storedCount()) >= 20);
    const foreground = startProgram('cli', ['backfill'], env);
    await until('it looks on', () => foreground.stdout().includes('of 60'));
    foreground.process.kill('SIGINT');
    const { code, stdout } = await foreground.ended;
    expect(stdout).toContain(`Going on with the backfill ${id}, which is not done.\n`);
    expect(stdout).toContain(`Other workers go on: \`lookalike backfill --watch ${id}\` shows how far they are.\n`);
    expect(code).toBe(130);
  });

  it('waits for a vector database that is away', async () => {
    const proxy = await startPostgresProxy(shop.vectorsUrl);
    onTestFinished(proxy.close);
    let dropped = 0;
    proxy.onStatement(({ sql }) => {
      const isAway = dropped > 0 ? dropped < 12 : sql.includes('insert into image_embeddings');
      if (isAway) dropped += 1;
      return isAway ? 'drop' : 'pass';
    });
    const proxied = { ...env, VECTOR_DATABASE_URL: proxy.url };
    const { code, stdout } = await startProgram('cli', ['backfill'], proxied).ended;
    expect(dropped).toBe(12);
    expect(stdout).toContain('59 embedded, 0 were already, 1 failed.\n');
    expect(code).toBe(0);
  });

  it('goes over the products that are named, and over no others', async () => {
    const { code, stdout } = await startProgram('cli', ['backfill', '--product', '1', '2', '3'], env).ended;
    expect(stdout).toContain('3 embedded, 0 were already, 0 failed.\n');
    expect(code).toBe(0);
    expect(host.served.toSorted()).toEqual(['1', '2', '3']);
  });

  it('does not go on with a backfill that is another than was asked for', async () => {
    const id = await shop.writeRun();
    const advice = `Run it to its end first, or end it with \`lookalike backfill cancel ${id}\`.\n`;
    expect(await startProgram('cli', ['backfill', '--scope', 'all'], env).ended).toMatchObject({
      code: 1,
      stderr: `lookalike: The backfill ${id} is active and has another scope, MISSING. ${advice}`,
    });
    expect(await startProgram('cli', ['backfill', '--product', '1'], env).ended).toMatchObject({
      code: 1,
      stderr: `lookalike: The backfill ${id} is active and goes over other products. ${advice}`,
    });
    expect(host.served).toEqual([]);
  });

  it('tells what it would do without the model, and starts nothing', async () => {
    const other = { ...env, CLIP_MODEL: 'clip-ViT-B-32' };
    const { code, stdout } = await startProgram('cli', ['backfill', '--dry-run'], other).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^images: +60\nto embed: +60\nleft alone: +0 .*\nembedded already: 0\nduration: +not known /,
    );
    expect(await shop.stores.runs.listNewest({ first: 1, after: null })).toEqual([]);
    expect(await shop.stores.models.list()).toEqual([]);
    expect(host.served).toEqual([]);
  });
});

describe('lookalike search', SLOW, () => {
  it('prints the products that look like a photograph on a host, the same one first', async () => {
    await startProgram('cli', ['backfill'], env).ended;
    const { code, stdout } = await startProgram('cli', ['search', `http://${host.address}/7.jpg`, '-n', '2'], env)
      .ended;
    expect(code).toBe(0);
    const [header, first, ...rest] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^similarity +id +title +price +url$/);
    expect(first).toMatch(/^(1\.000|0\.99\d) +7 +Product 7$/);
    expect(rest).toHaveLength(1);
  });

  it.each([
    ['a file that is not there', ['search', 'no-such-photo.jpg'], 'The file "no-such-photo.jpg" can\'t be read.'],
    [
      'a limit out of bounds',
      ['search', join(projectRoot, 'package.json'), '-n', '0'],
      '`limit` must be from 1 to 100, and 0 is not.',
    ],
    [
      'nothing to look for',
      ['search'],
      'Give a photograph, words with --text, or both: what should products look like?',
    ],
  ])('ends with 1 and a sentence for %s', async (_what, args, message) => {
    expect(await startProgram('cli', args, env).ended).toMatchObject({ code: 1, stderr: `lookalike: ${message}\n` });
  });
});

describe('the other commands', SLOW, () => {
  it('bring a database up to date, and say so', async () => {
    // The embedded Postgres has one session for all, and the commands before this one made it read only.
    await shop.catalogue.query('set default_transaction_read_only = off');
    const fresh = { ...env, VECTOR_DATABASE_URL: shop.catalogueUrl };
    const first = await startProgram('cli', ['migrate'], fresh).ended;
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^(applied \d{4}-[a-z-]+\n)+applied job-queue\n$/);
    const second = await startProgram('cli', ['migrate'], fresh).ended;
    expect(second).toMatchObject({ code: 0, stdout: 'The vector database is up to date.\n' });
  });

  it('list the models', async () => {
    const { code, stdout } = await startProgram('cli', ['models'], env).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\* tiny-clip +512 +comes with Lookalike +here$/m);
    expect(stdout).toMatch(/^ {2}clip-ViT-L-14 +768 +Xenova\/clip-vit-large-patch14 +downloaded on first use$/m);
  });

  it('have help', async () => {
    const expectHelp = async (command: string) => {
      const { code, stdout } = await startProgram('cli', [command, '--help'], {}).ended;
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: lookalike ${command}`);
    };
    await Promise.all(['serve', 'worker', 'migrate', 'backfill', 'search', 'models'].map(expectHelp));
  });
});
