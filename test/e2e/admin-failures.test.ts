import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { visitAsAdmin } from '../support/admin-visit.js';
import { expectAccessible, expectClean, startBrowser, type Visitor } from '../support/browser.js';
import {
  corruptPhotograph,
  missingPhotograph,
  startHeldPhotographs,
  type HeldPhotographs,
} from '../support/held-photographs.js';
import { status, type Answer } from '../support/image-host.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let browser: Browser;
let photographs: HeldPhotographs;
let shop: TestShop;
let visitor: Visitor;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

afterEach(async () => {
  await visitor.close();
  await shop.close();
  await photographs.close();
});

/** A shop with a host that does not have all its photographs. */
async function startShop(count: number, broken: Record<number, Answer>): Promise<void> {
  photographs = await startHeldPhotographs(count, broken);
  shop = await startTestShop({
    catalog: photographs.catalog,
    env: { IMAGE_ALLOWED_PRIVATE_HOSTS: photographs.host.host, IMAGE_MAX_ATTEMPTS: '1', BATCH_SIZE: '2' },
  });
}

async function open(id: string): Promise<Page> {
  visitor = await visitAsAdmin(browser, `/admin/backfills/${id}`, {
    url: shop.app.url,
    token: ADMIN_TOKEN,
    pictures: photographs.host.origin,
  });
  return visitor.page;
}

const rows = (page: Page) => page.getByRole('region', { name: 'Failures' }).getByRole('listitem');

/** Whether the thumbnail of a row is a picture that could be loaded. */
function hasPicture(page: Page, product: string): Promise<boolean> {
  const image = rows(page).filter({ hasText: product }).locator('img');
  return image.evaluateAll((images) => images.some((element) => (element as HTMLImageElement).naturalWidth > 0));
}

describe('what a backfill could not embed', () => {
  it('is listed with its reasons, and mended by another try of what is chosen', async () => {
    const forbidden = status(403);
    await startShop(10, { 2: missingPhotograph, 4: missingPhotograph, 6: forbidden, 8: await corruptPhotograph() });
    photographs.releaseAll();
    const { id } = await shop.backfill();
    const page = await open(id);
    await page.getByText('6 embedded, 4 failed', { exact: true }).waitFor();
    await until('the list is there', async () => (await rows(page).count()) === 4);
    const missing = rows(page).filter({ hasText: 'Product 2' });
    expect(await missing.innerText()).toMatch(/Not found[^]*answers with status 404[^]*Status 404\. Tried once/);
    const address = missing.getByRole('link', { name: `${photographs.host.origin}/2.jpg` });
    expect(await address.getAttribute('rel')).toContain('noreferrer');
    await until('its picture is known not to be there', async () => (await missing.locator('img').count()) === 0);
    await expectAccessible(page);

    const filters = page.getByRole('group', { name: 'Reason' });
    expect(await filters.getByRole('button').allTextContents()).toEqual([
      'All 4',
      'Not found 2',
      'Damaged 1',
      'Not allowed by its host 1',
    ]);
    await filters.getByRole('button', { name: 'Damaged' }).click();
    await until('only these are left', async () => (await rows(page).count()) === 1);
    expect(await rows(page).innerText()).toContain('Product 8');
    await filters.getByRole('button', { name: 'Not found' }).click();
    await until('only those are left', async () => (await rows(page).count()) === 2);

    photographs.mend();
    await page.getByRole('checkbox', { name: 'Choose all 2 shown' }).check();
    await page.getByRole('button', { name: 'Try 2 chosen ones again' }).click();
    await page.getByRole('status').filter({ hasText: 'Tried again: 2 embedded.' }).waitFor();
    await until('they are known to be mended', async () => (await rows(page).getByText('Mended').count()) === 2);
    expect(await rows(page).getByRole('checkbox').first().isDisabled()).toBe(true);

    await filters.getByRole('button', { name: 'Not allowed by its host' }).click();
    await page.getByRole('button', { name: 'Try all again: not allowed by its host' }).click();
    await page.getByRole('status').filter({ hasText: 'Tried again: 1 embedded.' }).waitFor();
    await filters.getByRole('button', { name: 'All 4' }).click();
    await until('one is left', async () => (await rows(page).getByText('Mended').count()) === 3);
    await page.reload();
    await until('what is mended is shown', async () => (await rows(page).count()) > 0 && hasPicture(page, 'Product 2'));
    await rows(page).getByRole('link', { name: 'Product 2' }).click();
    await page.waitForURL('/products/2');
    await page.goBack();
    await page.getByRole('button', { name: 'Try all again' }).click();
    await page.getByRole('link', { name: 'Look at the backfill that does it' }).click();
    await page.getByRole('heading', { name: 'Failed images with deterministic' }).waitFor();
    await page.getByText('1 embedded', { exact: true }).waitFor();
    expectClean(visitor);
  });

  it('comes page by page, and as it happens', async () => {
    const broken = Object.fromEntries(Array.from({ length: 24 }, (_, index) => [index + 1, missingPhotograph]));
    await startShop(26, broken);
    const id = await shop.startBackfill();
    const page = await open(id);
    await until('a page is there', async () => (await rows(page).count()) === 20);
    await page.getByRole('button', { name: 'Show more' }).click();
    await until('all are there', async () => (await rows(page).count()) === 24);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    photographs.mend();
    await page.getByRole('button', { name: 'Try all again' }).click();
    await page.getByText('24 images are tried again by this backfill.').waitFor();
    photographs.releaseAll();
    await page.getByText('26 embedded', { exact: true }).waitFor();
    await page.getByText('Where the time of an image goes').waitFor();
    expectClean(visitor);
  });

  it('is not tried again beside another backfill of the model', async () => {
    await startShop(4, { 2: missingPhotograph });
    photographs.releaseAll();
    const { id } = await shop.backfill();
    photographs.holdAll();
    const other = await shop.startBackfill({ scope: 'ALL' });
    const page = await open(id);
    await page.getByRole('checkbox', { name: 'Image 2' }).check();
    await page.getByRole('button', { name: 'Try 1 chosen one again' }).click();
    const refusal = page.getByRole('alert').filter({ hasText: 'A backfill of deterministic has not ended yet.' });
    await refusal.getByRole('link', { name: 'Look at it' }).click();
    await page.waitForURL(`/admin/backfills/${other}`);
    expectClean(visitor);
  });
});

describe('the address of a backfill that there is not', () => {
  it('says so', async () => {
    await startShop(1, {});
    const page = await open('00000000-0000-4000-8000-000000000000');
    await page.getByRole('heading', { name: 'There is no such backfill' }).waitFor();
    await expectAccessible(page);
    expectClean(visitor);
  });
});
