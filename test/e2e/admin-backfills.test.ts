import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visitAsAdmin } from '../support/admin-visit.js';
import { seenBackfill, steer } from '../support/backfill-operations.js';
import { expectAccessible, expectClean, startBrowser, type Visitor } from '../support/browser.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { freePort } from '../support/free-port.js';
import {
  corruptPhotograph,
  missingPhotograph,
  startHeldPhotographs,
  type HeldPhotographs,
} from '../support/held-photographs.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const COARSE = 'coarse';
const IMAGES = 24;

let browser: Browser;
let photographs: HeldPhotographs;
let shop: TestShop;
let visitor: Visitor;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const encoders = () => [makeDeterministicEncoder({ name: COARSE })];

beforeEach(async () => {
  photographs = await startHeldPhotographs(IMAGES, { 5: missingPhotograph, 14: await corruptPhotograph() });
  shop = await startTestShop({
    catalog: photographs.catalog,
    env: {
      PORT: String(await freePort()),
      IMAGE_ALLOWED_PRIVATE_HOSTS: photographs.host.host,
      IMAGE_MAX_ATTEMPTS: '1',
      BATCH_SIZE: '2',
      DOWNLOAD_CONCURRENCY_PER_HOST: '4',
    },
    overrides: { encoders: encoders() },
  });
  visitor = await visitAsAdmin(browser, '/admin', {
    url: shop.app.url,
    token: ADMIN_TOKEN,
    pictures: photographs.host.origin,
  });
});

afterEach(async () => {
  await visitor.close();
  await shop.close();
  await photographs.close();
});

const AWAY = { message: 'The database is not there.', extensions: { code: 'SERVICE_UNAVAILABLE' } };

const card = (page: Page, name: string) => page.getByRole('region', { name });

async function processed(page: Page): Promise<number> {
  return Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'));
}

async function start(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'See what it would do' }).click();
  await page.getByRole('button', { name: 'Start it' }).click();
}

/** Goes through the chart with the arrow keys, to the first moment at which images were counted. */
async function firstRate(page: Page): Promise<string> {
  const slider = page.getByRole('slider', { name: 'Images a second at a moment' });
  await slider.focus();
  await page.keyboard.press('Home');
  return until('a moment has a rate', async () => {
    const text = await slider.getAttribute('aria-valuetext');
    if (/^At \d\d:\d\d:\d\d: \d+(\.\d)? images a second$/.test(text ?? '')) return text;
    await page.keyboard.press('ArrowRight');
    return null;
  });
}

describe('a backfill', () => {
  it('is started after it was said what it would do, moves, rests, survives a restart, and ends, all live', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page.getByText('It would embed 24 of 24 images. How long that takes is known after the first one.').waitFor();
    await page.getByRole('button', { name: 'Start it' }).click();
    const run = card(page, 'Missing images with deterministic');
    await run.getByText('Running', { exact: true }).waitFor();
    await page.getByText('Live').waitFor();

    photographs.release(6);
    await until('it moves', async () => (await processed(page)) >= 4);
    const before = await processed(page);
    expect(await run.getByRole('progressbar').getAttribute('aria-valuetext')).toContain('of 24 images');
    photographs.release(4);
    await until('it moves on', async () => (await processed(page)) > before);
    await expectAccessible(page);

    await run.getByRole('button', { name: 'Pause' }).click();
    const resume = run.getByRole('button', { name: 'Resume' });
    await resume.waitFor();
    await run.getByText('Paused', { exact: true }).waitFor();
    const sample = await firstRate(page);

    await resume.click();
    await run.getByText('Running', { exact: true }).waitFor();
    await shop.app.close();
    await page.getByText('Reconnecting…').waitFor();
    await shop.restart({ encoders: encoders() });
    await page.getByText('Live').waitFor();
    const atRestart = await processed(page);
    photographs.release(4);
    await until('it moves after the restart', async () => (await processed(page)) > atRestart);

    photographs.releaseAll();
    await run.getByText('Completed', { exact: true }).waitFor();
    await run.getByText('22 embedded, 2 failed', { exact: true }).waitFor();
    // What was seen before the pause and the restart still is.
    expect(await firstRate(page)).toBe(sample);
    const coverage = card(page, 'Coverage').getByRole('term').filter({ hasText: 'Failed' }).locator('..');
    await coverage.filter({ hasText: '2' }).waitFor();
    const inHistory = card(page, 'Backfills').getByRole('listitem');
    expect(await inHistory.allInnerTexts()).toHaveLength(1);
    expect(await inHistory.innerText()).toContain('Completed');
    await expectAccessible(page);
    expectClean(visitor);
  });

  it('is cancelled only after a question, and the keyboard is enough for it', async () => {
    const { page } = visitor;
    await start(page);
    const run = card(page, 'Missing images with deterministic');
    const cancel = run.getByRole('button', { name: 'Cancel…' });
    await cancel.focus();
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: 'Cancel this backfill?' });
    await question.waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await cancel.evaluate((button) => button === document.activeElement)).toBe(true);
    await run.getByText('Running', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await question.getByRole('button', { name: 'Cancel the backfill' }).focus();
    await page.keyboard.press('Enter');
    await run.getByText('Cancelled', { exact: true }).waitFor();
    await question.waitFor({ state: 'detached' });
    const heading = run.getByRole('heading');
    await until('the heading has the focus', () => heading.evaluate((element) => element === document.activeElement));
    expect(await run.getByRole('button').count()).toBe(0);
    expectClean(visitor);
  });

  it('is not started beside another one of the same model, which is shown instead', async () => {
    const { page } = visitor;
    const id = await shop.startBackfill({});
    await start(page);
    const refusal = page.getByRole('alert').filter({ hasText: 'A backfill of deterministic has not ended yet.' });
    await refusal.getByRole('link', { name: 'Look at it' }).click();
    await page.waitForURL(`/admin/backfills/${id}`);
    await page.getByRole('heading', { name: 'Missing images with deterministic' }).waitFor();
    expectClean(visitor);
  });

  it('is seen also where somebody else has started it, whichever its model', async () => {
    const { page } = visitor;
    await card(page, 'Backfills').getByText('There was none yet.').waitFor();
    await shop.startBackfill({});
    await card(page, 'Missing images with deterministic').waitFor();
    const id = await shop.startBackfill({ model: COARSE, scope: 'ALL' });
    const run = card(page, `All images with ${COARSE}`);
    await run.waitFor();
    photographs.releaseAll();
    await run.getByText('Completed', { exact: true }).waitFor();
    await run.getByRole('link', { name: 'Details and failures' }).click();
    await page.waitForURL(`/admin/backfills/${id}`);
    await page.getByRole('link', { name: 'All backfills' }).click();
    await page.waitForURL('/admin');
    expectClean(visitor);
  });

  it('goes over the products that are named', async () => {
    const { page } = visitor;
    await page.getByLabel('Only these products').fill('2, 3 4');
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page.getByText('It would embed 3 of 3 images.').waitFor();
    await page.getByLabel('Only these products').fill('2, x');
    expect(await page.getByRole('button', { name: 'Start it' }).count()).toBe(0);
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page.getByRole('alert').filter({ hasText: '"x" is not one' }).waitFor();
    expectClean(visitor);
  });

  it('says why it can’t be steered any more', async () => {
    const { page } = visitor;
    await start(page);
    const run = card(page, 'Missing images with deterministic');
    await run.getByRole('button', { name: 'Cancel…' }).waitFor();
    // Somebody else ends it, and this page does not hear of that in time.
    await page.routeWebSocket(/graphql/, () => undefined);
    await page.reload();
    await run.getByRole('button', { name: 'Pause' }).waitFor();
    const [started] = await shop.vectors.query<{ id: string }>('select id::text from embedding_backfills');
    const id = started?.id ?? '';
    await steer(shop, 'cancel', id);
    await run.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('alert').filter({ hasText: 'the backfill has ended meanwhile. It is cancelled.' }).waitFor();
    await run.getByText('Cancelled', { exact: true }).waitFor();
    expect((await seenBackfill(shop, id)).state).toBe('CANCELLED');
    expectClean(visitor);
  });

  it('is followed on after a time in which the databases were away', async () => {
    const { page } = visitor;
    let isAway = true;
    await page.routeWebSocket(/graphql/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const { id, type } = JSON.parse(String(message)) as { id: string; type: string };
        if (type === 'subscribe' && isAway) socket.send(JSON.stringify({ id, type: 'error', payload: [AWAY] }));
        else server.send(message);
      });
    });
    await page.reload();
    const alert = card(page, 'Coverage').getByRole('alert').filter({ hasText: AWAY.message });
    await alert.waitFor();
    isAway = false;
    await alert.waitFor({ state: 'detached' });
    photographs.releaseAll();
    await shop.startBackfill();
    await card(page, 'Missing images with deterministic').getByText('Completed', { exact: true }).waitFor();
    expectClean(visitor);
  });
});
