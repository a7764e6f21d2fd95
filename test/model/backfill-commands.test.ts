import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { BackfillRun } from '../../src/services/backfill-run.js';
import type { Stores } from '../../src/jobs/backfill-parts.js';
import { IMAGES, startProcessShop, type PhotographHost, type ProcessShop } from '../support/process-shop.js';
import { startProgram, type Ended, type RunningCli } from '../support/run-cli.js';
import { until } from '../support/until.js';

let shop: ProcessShop;
let host: PhotographHost;
let stores: Stores;

beforeAll(async () => {
  shop = await startProcessShop();
  ({ host, stores } = shop);
});

afterAll(() => shop.close());

beforeEach(() => shop.reset());

async function find(id: string): Promise<BackfillRun> {
  const run = await stores.runs.find(id);
  if (run === null) throw new Error('There is no such run.');
  return run;
}

function start(...args: string[]): RunningCli {
  return startProgram('cli', args, shop.env);
}

/** Neither the catalogue nor the model can be had: a command that asks for one of them fails. */
function withVectorsOnly(...args: string[]): RunningCli {
  const env = { ...shop.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', CLIP_MODEL: 'no-such-model' };
  return startProgram('cli', args, env);
}

function steer(...args: string[]): Promise<Ended> {
  return withVectorsOnly('backfill', ...args).ended;
}

/** A foreground backfill that has embedded some images and waits for the others, and its run. */
async function startHeldBackfill(): Promise<{ foreground: RunningCli; id: string }> {
  host.holdFrom(31);
  const foreground = start('backfill');
  await until('some is stored', async () => (await shop.storedCount()) >= 20);
  const [run] = await stores.runs.listActive();
  return { foreground, id: run?.id ?? '' };
}

/** Steers a backfill, which is in one of these states by it. */
async function expectState(args: string[], states: string): Promise<void> {
  const { code, stdout } = await steer(...args);
  expect(stdout).toMatch(new RegExp(`^The backfill [0-9a-f-]{36} is (${states})\\.\n`));
  expect(code).toBe(0);
}

async function expectAllEmbeddedOnce(id: string): Promise<void> {
  expect(await shop.storedCount()).toBe(IMAGES - 1);
  const counts = { total: IMAGES, processed: IMAGES, embedded: IMAGES - 1, skipped: 0, failed: 1 };
  expect(await find(id)).toMatchObject({ state: 'COMPLETED', counts });
}

/** Several programs are started one after another, and some load the model. */
const SLOW = { timeout: 120_000 };

describe('lookalike worker', SLOW, () => {
  it('works on a backfill that was started elsewhere, and stops when it is told to', async () => {
    const worker = start('worker');
    const id = await shop.writeRun();
    await until('the run has ended', async () => (await find(id)).finishedAt);
    await expectAllEmbeddedOnce(id);
    worker.process.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0, signal: null });
  });

  it('that is interrupted puts back what it has, and the next one embeds nothing twice', async () => {
    const id = await shop.writeRun();
    host.holdFrom(31);
    const interrupted = start('worker');
    await until('some is stored', async () => (await shop.storedCount()) >= 20);
    interrupted.process.kill('SIGINT');
    expect(await interrupted.ended).toMatchObject({ code: 0, signal: null });
    expect(await find(id)).toMatchObject({ state: 'PENDING' });
    const stored = await shop.storedCount();
    host.reset();
    start('worker');
    await until('the run has ended', async () => (await find(id)).finishedAt);
    expect(host.served.length).toBeLessThanOrEqual(IMAGES - stored);
    await expectAllEmbeddedOnce(id);
  });
});

describe('lookalike backfill, steered by other processes', SLOW, () => {
  it('waits while it is paused, and goes on when it is resumed', async () => {
    const { foreground, id } = await startHeldBackfill();
    const paused = await steer('pause');
    expect(paused).toMatchObject({ code: 0, stderr: '' });
    const [state, line] = paused.stdout.split('\n');
    expect(state).toBe(`The backfill ${id} is PAUSED.`);
    expect(line).toMatch(/^\[#.* of 60 {2}PAUSED/);
    const sentence = `The backfill is paused. It goes on after \`lookalike backfill resume ${id}\`.\n`;
    await until('it says that it is paused', () => foreground.stdout().includes(sentence));
    host.release();
    await expectState(['pause', id], 'PAUSED');
    await expectState(['resume', id], 'PENDING|RUNNING');
    const { code, stdout } = await foreground.ended;
    expect(stdout).toContain('The backfill was resumed.\n');
    expect(stdout).toContain('59 embedded, 0 were already, 1 failed.\n');
    expect(code).toBe(0);
    await expectAllEmbeddedOnce(id);
  });

  it('ends with 1 when it is cancelled, and so does whoever watches', async () => {
    const { foreground, id } = await startHeldBackfill();
    const watching = withVectorsOnly('backfill', '--watch', id);
    await until('it watches', () => watching.stdout().includes('of 60'));
    await expectState(['cancel', id], 'CANCELLED');
    for (const { code, stdout } of await Promise.all([foreground.ended, watching.ended])) {
      expect(stdout).toContain('The backfill was cancelled. What is embedded stays.\n');
      expect(code).toBe(1);
    }
    expect(await shop.storedCount()).toBeGreaterThanOrEqual(20);
    await expectState(['cancel', id], 'CANCELLED');
    expect(await steer('pause', id)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `lookalike: The backfill ${id} is CANCELLED and can't be paused any more.\n`,
    });
  });

  it('says how to let it go on when it is interrupted while it is paused', async () => {
    const { foreground, id } = await startHeldBackfill();
    expect((await steer('pause', id)).code).toBe(0);
    await until('it says that it is paused', () => foreground.stdout().includes('is paused'));
    foreground.process.kill('SIGINT');
    const { code, stdout } = await foreground.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/\nInterrupted at \d+ of 60 images\.\nWhat is embedded stays\. The backfill is paused: /);
    expect(await find(id)).toMatchObject({ state: 'PAUSED' });
  });
});

describe('lookalike backfill --watch', SLOW, () => {
  it('shows a backfill of other workers until it ends, and tells what came of it', async () => {
    const id = await shop.writeRun();
    const watching = withVectorsOnly('backfill', '--watch', id);
    await until('it watches', () => watching.stdout() === 'waiting for a worker\n');
    start('worker');
    const { code, stdout } = await watching.ended;
    expect(stdout).toContain('100 %  60 of 60');
    expect(stdout).toContain('59 embedded, 0 were already, 1 failed.\nBy reason: NOT_FOUND 1.\n');
    expect(code).toBe(0);
  });

  it('is ended by Ctrl+C, and the backfill is not', async () => {
    const id = await shop.writeRun();
    const watching = withVectorsOnly('backfill', '--watch', id);
    await until('it watches', () => watching.stdout() !== '');
    watching.process.kill('SIGINT');
    const { code, stdout } = await watching.ended;
    expect(stdout).toMatch(/Stopped watching; that changes nothing about the backfill\.\n$/);
    expect(code).toBe(130);
    expect(await find(id)).toMatchObject({ state: 'PENDING' });
  });
});

describe('what failed', SLOW, () => {
  it('is listed, and tried again on request', async () => {
    expect((await start('backfill').ended).code).toBe(0);
    const id = (await stores.runs.listNewest({ first: 1, after: null }))[0]?.id ?? '';
    const listed = await steer('failures', id);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/^image +product +reason +status +attempts +next try +URL\n/);
    expect(listed.stdout).toMatch(
      /\n13 +13 +NOT_FOUND +404 +1 +when it changes +http:.*\/13\.jpg\nBy reason: NOT_FOUND 1\.\n$/,
    );
    expect((await steer('failures', id, '--reason', 'TIMEOUT')).stdout).toBe('By reason: NOT_FOUND 1.\n');
    host.supplyMissing();
    expect((await steer('retry', id, '--reason', 'TIMEOUT', '--image', '13')).stdout).toBe(
      'There is no such image that still is not embedded.\n',
    );
    const retried = await steer('retry', id, '--reason', 'TIMEOUT', 'NOT_FOUND', '--image', '13');
    expect(retried.code).toBe(0);
    expect(retried.stdout).toMatch(/^To be tried again: 1, .*\nThe backfill [0-9a-f-]+ is PENDING\.\n/);
    expect(retried.stdout).not.toContain(id);
    const again = await start('backfill', '--scope', 'failed').ended;
    expect(again.stdout).toContain('1 embedded, 0 were already, 0 failed.\n');
    expect(again.code).toBe(0);
    expect((await steer('failures', id)).stdout).toContain('not needed any more');
    expect(await shop.storedCount()).toBe(IMAGES);
    const list = (await steer('list', '-n', '1')).stdout.split('\n');
    expect(list[1]).toMatch(/^[0-9a-f-]{36} {2}COMPLETED {2}FAILED {2}tiny-clip {2}1 of 1 /);
    expect(list.slice(2)).toEqual(['There are more: -n 2 lists twice as many.', '']);
  });

  it('is not tried again while another backfill of the model is active', async () => {
    const ended = await shop.writeRun();
    expect((await steer('cancel', ended)).code).toBe(0);
    const active = await shop.writeRun();
    expect(await steer('retry', ended)).toMatchObject({
      code: 1,
      stderr: `lookalike: The backfill ${active} is PENDING for this model. Wait until it has ended, or cancel it.\n`,
    });
  });
});

describe('a backfill that is not named', SLOW, () => {
  it('is the active one, where there is one and no other', async () => {
    const none = await steer('cancel');
    expect(none).toMatchObject({
      code: 1,
      stderr: 'lookalike: No backfill is active. `lookalike backfill list` shows those that have ended.\n',
    });
    const first = await shop.writeRun();
    const second = await shop.writeRun('another-model');
    expect(await steer('pause')).toMatchObject({
      code: 1,
      stderr:
        'lookalike: 2 backfills are active. Give the id of the one that is meant:\n' +
        `  ${second}  PENDING  another-model\n  ${first}  PENDING  tiny-clip\n`,
    });
    expect((await steer('cancel', second)).code).toBe(0);
    expect((await steer('pause')).stdout).toContain(`The backfill ${first} is PAUSED.\n`);
  });
});

describe('on the embedded database', SLOW, () => {
  it('a command joins the process that has it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-joined-'));
    const env = { ...shop.env, VECTOR_DATABASE_URL: '', DATA_DIR: folder, LOG_LEVEL: 'info' };
    const worker = startProgram('cli', ['worker'], env);
    onTestFinished(async () => {
      await worker.kill();
      await rm(folder, { recursive: true, force: true });
    });
    await until('it has the folder', () => worker.stderr().includes('worker is ready'), 60_000);
    const { code, stdout } = await startProgram('cli', ['backfill', 'list'], env).ended;
    expect(stdout).toContain('There is no backfill yet: `lookalike backfill` starts one.\n');
    expect(code).toBe(0);
  });
});
