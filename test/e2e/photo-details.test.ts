import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectClean, startBrowser, visit } from '../support/browser.js';
import { resultList, resultsOf } from '../support/search-visit.js';
import { demoPhoto, dragOver, drop, dropContents, photoPanel, photoInAddress, pick } from './photo-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

/** Keeps uploads on their way until they are let go. */
async function holdUploads(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/graphql', async (route) => {
    const isUpload = route.request().headers()['content-type']?.startsWith('multipart/') === true;
    if (isUpload) await released;
    // The page may have given it up meanwhile.
    await route.fallback().catch(() => undefined);
  });
  return release;
}

const underWay = (page: Page) => photoPanel(page).getByRole('status').filter({ hasText: 'Looking at your photo…' });

describe('a photo on its way', () => {
  it('does not come into the question of a link that was followed meanwhile', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=mug');
    await resultsOf(page, '“mug”');
    const release = await holdUploads(page);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await underWay(page).waitFor();
    await resultList(page)
      .getByRole('link', { name: /^More like/ })
      .first()
      .click();
    await page.waitForURL(/[?&]like=\d+/);
    await underWay(page).waitFor({ state: 'detached' });
    release();
    await resultList(page).getByRole('listitem').first().waitFor();
    expect(photoInAddress(page)).toBeNull();
    expectClean(visitor);
    await visitor.close();
  });

  it('does not come into the question that Back leads to, and leaves the way forward', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=blue+hat');
    await resultsOf(page, '“blue hat”');
    await page.getByRole('searchbox').fill('mug');
    await page.getByRole('searchbox').press('Enter');
    await resultsOf(page, '“mug”');
    const release = await holdUploads(page);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await underWay(page).waitFor();
    await page.goBack();
    await resultsOf(page, '“blue hat”');
    await underWay(page).waitFor({ state: 'detached' });
    release();
    await page.goForward();
    await resultsOf(page, '“mug”');
    expect(photoInAddress(page)).toBeNull();
    expectClean(visitor);
    await visitor.close();
  });

  it('comes into the words that were added meanwhile', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    const release = await holdUploads(page);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await underWay(page).waitFor();
    await page.getByRole('searchbox').fill('in blue');
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL(/q=in\+blue/);
    release();
    await page.waitForURL(/photo=/);
    expect(new URL(page.url()).searchParams.get('q')).toBe('in blue');
    expectClean(visitor);
    await visitor.close();
  });
});

describe('what is dropped', () => {
  it('says so where it is a picture with an address that is none', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    await dropContents(page, {
      'text/html': '<img src="https://a:99999/a.jpg">',
      'text/uri-list': 'https://a:99999/a.jpg',
    });
    await photoPanel(page).getByRole('alert').waitFor();
    await drop(page, await demoPhoto('mugs/0001-1.jpg'));
    await page.waitForURL(/photo=/);
    expectClean(visitor);
    await visitor.close();
  });

  it('never leaves the place for it over the page', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    const target = page.getByText(/^Drop/).last();
    await dragOver(page, await demoPhoto('mugs/0001-1.jpg'));
    await target.waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill('mug');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await resultsOf(page, '“mug”');
    expectClean(visitor);
    await visitor.close();
  });

  it('on the page of a product is searched with', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/products/18');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await drop(page, await demoPhoto('mugs/0001-1.jpg'));
    await page.waitForURL(/\/\?photo=/);
    await resultList(page).getByRole('link', { name: 'Zigzag red porcelain mug', exact: true }).first().waitFor();
    expectClean(visitor);
    await visitor.close();
  });
});
