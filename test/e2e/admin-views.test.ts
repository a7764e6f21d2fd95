import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { visitAsAdmin } from '../support/admin-visit.js';
import { expectAccessible, expectClean, startBrowser } from '../support/browser.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

/** Expects that nothing is wider than the window, so that nobody has to scroll sideways. */
async function expectToFit(page: Page): Promise<void> {
  const [width, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(width).toBeLessThanOrEqual(window);
}

/** Expects that everything that can be pressed is large enough for a finger. */
async function expectFingerSized(page: Page): Promise<void> {
  const heights = await page
    .getByRole('main')
    .locator('button, select, input:not([type=checkbox], [type=radio], [type=range]), nav a')
    .evaluateAll((elements) =>
      elements.map((element) => [element.textContent, element.getBoundingClientRect().height]),
    );
  expect(heights.filter(([, height]) => Number(height) > 0 && Number(height) < 36)).toEqual([]);
}

describe.each([
  { what: 'a phone by night', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
  { what: 'a phone by day', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
  { what: 'a desk by day', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { what: 'a desk by night', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
] as const)('on $what', ({ viewport, colorScheme }) => {
  it('the views fit, and axe finds nothing serious in them', async () => {
    const options = { url: inject('demoUrl'), token: inject('demoAdminToken'), viewport, colorScheme };
    const visitor = await visitAsAdmin(browser, '/admin', options);
    const { page } = visitor;
    const history = page.getByRole('region', { name: 'Backfills' });
    const newest = history.getByRole('link').first();
    await newest.waitFor();
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page.getByRole('button', { name: 'Start it' }).waitFor();
    await expectToFit(page);
    await expectFingerSized(page);
    await expectAccessible(page);

    await newest.click();
    await page.getByRole('heading', { name: 'Where the time of an image goes' }).waitFor();
    await page.getByRole('link', { name: 'All backfills' }).waitFor();
    await expectToFit(page);
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('heading', { name: 'There is only one model' }).waitFor();
    expect(await page.title()).toBe('Models · Lookalike');
    await expectToFit(page);
    await expectAccessible(page);
    expectClean(visitor);
    await visitor.close();
  });
});
