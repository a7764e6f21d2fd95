import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectClean, startBrowser, visit } from '../support/browser.js';
import { expectShown, resultList, resultsOf, titles } from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const wide = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 360, height: 740 } };

/** What has the focus, as it is called. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}

describe('filters', () => {
  it('of the same name are two, and each is taken off by itself', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?q=red&category=Clayfold&brand=Clayfold');
    await page.getByRole('button', { name: 'Remove the filter: category Clayfold' }).click();
    await page.getByRole('button', { name: 'Remove the filter: category Clayfold' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove the filter: brand Clayfold' }).click();
    await page.getByRole('list', { name: 'Filters that are on' }).waitFor({ state: 'detached' });
    expectClean(visitor);
    await visitor.close();
  });

  it('that are set far below lead to the head of the results, and no further up', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?q=red');
    await resultsOf(page, '“red”');
    await page.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded();
    await expectShown(page, 48);
    await page.getByRole('checkbox', { name: 'Only in stock' }).click();
    await page.getByRole('button', { name: 'Remove the filter: In stock' }).waitFor();
    await resultList(page).waitFor();
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
    const head = await page.getByRole('heading', { name: '“red”' }).boundingBox();
    expect(head?.y).toBeGreaterThanOrEqual(0);
    expect(head?.y).toBeLessThan(200);
    expectClean(visitor);
    await visitor.close();
  });

  it('are not open on their own once there has been a column for them, nor after going back', async () => {
    const visitor = await visit(browser, inject('demoUrl'), phone);
    const { page } = visitor;
    const dialog = page.getByRole('dialog', { name: 'Filters' });
    await page.goto('/?q=red');
    await resultsOf(page, '“red”');
    await page.getByRole('button', { name: 'Filters' }).click();
    await dialog.waitFor();
    await page.setViewportSize(wide.viewport);
    await page.getByRole('region', { name: 'Filters' }).waitFor();
    await page.setViewportSize(phone.viewport);
    const open = page.getByRole('button', { name: 'Filters', exact: true });
    await open.waitFor();
    expect(await dialog.count()).toBe(0);
    await resultList(page)
      .getByRole('link', { name: /^More like this/ })
      .first()
      .click();
    await resultsOf(page, 'Like this product');
    await open.click();
    await dialog.waitFor();
    await page.goBack();
    await resultsOf(page, '“red”');
    expect(await dialog.count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('what failed and is asked for again', () => {
  it('leaves the focus at the results when it comes', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page, context } = visitor;
    await page.goto('/?q=red');
    const found = await resultsOf(page, '“red”');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await context.setOffline(false);
    await again.focus();
    await page.keyboard.press('Enter');
    await expectShown(page, 48);
    const firstNew = (await titles(page))[found.length];
    await expect.poll(() => focused(page)).toBe(firstNew);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('a shop’s own words', () => {
  it('do not widen the page, however long they are', async () => {
    const visitor = await visit(browser, inject('demoUrl'), phone);
    const { page } = visitor;
    await page.goto('/?q=red&like=1');
    await resultsOf(page, 'Like this product, but “red”');
    await page.evaluate(() => {
      const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (parent?.matches('li p, li h3 a, li [dir="auto"]') === true) node.textContent = 'W'.repeat(80);
      }
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('words that are being typed', () => {
  it('keep their last blank when they are searched with before they are done', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?like=1');
    await resultsOf(page, 'Like this product');
    const words = page.getByLabel('What it looks like, in words');
    await words.pressSequentially('red ');
    await page.keyboard.press('Enter');
    await resultsOf(page, 'Like this product, but “red”');
    await words.pressSequentially('dress');
    expect(await words.inputValue()).toBe('red dress');
    expectClean(visitor);
    await visitor.close();
  });
});
