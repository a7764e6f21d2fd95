import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectClean, startBrowser, visit } from '../support/browser.js';
import { expectShown, resultList, resultsOf } from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

/** Addresses of the products that are shown. */
function products(page: Page): Promise<string[]> {
  return resultList(page)
    .getByRole('heading')
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
}

async function scrollToEnd(page: Page): Promise<void> {
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
}

describe('a long list', () => {
  it('grows as it is scrolled through, to its end, with no product twice', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=red+mug');
    await resultsOf(page, '“red mug”');
    const end = page.getByText('That is all: 384 products.');
    for (let turn = 0; turn < 200 && !(await end.isVisible()); turn += 1) {
      const before = (await products(page)).length;
      await scrollToEnd(page);
      await expect
        .poll(async () => (await end.isVisible()) || (await products(page)).length > before, { timeout: 20_000 })
        .toBe(true);
    }
    const all = await products(page);
    expect(all).toHaveLength(384);
    expect(new Set(all).size).toBe(384);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('grows by its button, and reading goes on at the first new product', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    // A browser that never says that the end of the list is near.
    await page.addInitScript('IntersectionObserver.prototype.observe = () => undefined');
    await page.goto('/?q=red+mug');
    await resultsOf(page, '“red mug”');
    await page.getByRole('button', { name: 'Show more' }).focus();
    await page.keyboard.press('Enter');
    await expectShown(page, 48);
    const [first] = (await products(page)).slice(24);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(first);
    await page.getByRole('status').filter({ hasText: 'The 48 products most alike, and more below' }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('stands where it was when somebody comes back from a product', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=red+mug');
    await resultsOf(page, '“red mug”');
    await scrollToEnd(page);
    await expect.poll(async () => (await products(page)).length).toBeGreaterThan(24);
    const left = resultList(page).getByRole('heading').nth(30).getByRole('link');
    await left.scrollIntoViewIfNeeded();
    // Nothing more is on its way, so that the list stays as long as it is.
    await page.getByRole('button', { name: 'Show more' }).waitFor();
    const title = (await left.textContent()) ?? '';
    const count = (await products(page)).length;
    const scrolled = await page.evaluate(() => scrollY);
    await left.focus();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { name: title, level: 1 });
    await heading.waitFor();
    await expect.poll(() => page.evaluate(() => [document.activeElement?.textContent, scrollY])).toEqual([title, 0]);
    await page.goBack();
    await resultsOf(page, '“red mug”');
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(scrolled);
    expect((await products(page)).length).toBe(count);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(title);
    expectClean(visitor);
    await visitor.close();
  });
});
