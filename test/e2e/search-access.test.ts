import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import { resultList, resultsOf, startOf } from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } };

async function expectNoSideways(page: Page): Promise<void> {
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
}

/** What has the focus, as it is called. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });
}

describe.each([
  { size: 'phone', colorScheme: 'light' },
  { size: 'phone', colorScheme: 'dark' },
  { size: 'desktop', colorScheme: 'light' },
  { size: 'desktop', colorScheme: 'dark' },
] as const)('on a $size, $colorScheme', ({ size, colorScheme }) => {
  const options = { viewport: sizes[size], colorScheme };

  it('the start has nothing in the way of anybody', async () => {
    const visitor = await visit(browser, inject('demoUrl'), options);
    const { page } = visitor;
    await page.goto('/');
    await startOf(page);
    await expectAccessible(page);
    await expectNoSideways(page);
    expectClean(visitor);
    await visitor.close();
  });

  it('nor have the results, with their filters', async () => {
    const visitor = await visit(browser, inject('demoUrl'), options);
    const { page } = visitor;
    await page.goto(
      '/?q=red&like=1&category=Mugs&category=Plant+pots&brand=Drizzle+%26+Daughters&brand=Clayfold&max=900',
    );
    await resultsOf(page, 'Like this product, but “red”');
    if (size === 'phone') {
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Filters (5)' }).click();
      await page.getByRole('dialog', { name: 'Filters' }).waitFor();
    }
    await page.getByRole('checkbox', { name: 'Mugs 24' }).waitFor();
    await expectAccessible(page);
    await expectNoSideways(page);
    expectClean(visitor);
    await visitor.close();
  });

  it('nor where nothing is found, nor at a product', async () => {
    const visitor = await visit(browser, inject('demoUrl'), options);
    const { page } = visitor;
    await page.goto('/?q=red&category=Mugs&max=2');
    await page.getByRole('link', { name: /^Clear filters/ }).waitFor();
    await expectAccessible(page);
    await expectNoSideways(page);
    await page.goto('/products/3');
    await page.getByRole('list', { name: 'Looks like it' }).waitFor();
    await expectAccessible(page);
    await expectNoSideways(page);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('the keyboard', () => {
  it('comes to everything in the results, one after the other', async () => {
    const visitor = await visit(browser, inject('demoUrl'), { viewport: sizes.desktop });
    const { page } = visitor;
    await page.goto('/?q=red+mug&category=Mugs');
    const found = await resultsOf(page, '“red mug”');
    await page.getByLabel('What it looks like, in words').focus();
    const met: string[] = [];
    const last = `More like this: ${found.at(-1) ?? ''}`;
    while (met.at(-1) !== last && met.length < 200) {
      await page.keyboard.press('Tab');
      met.push(await focused(page));
    }
    expect(met).toEqual(expect.arrayContaining(['Search', 'Remove the filter: category Mugs', 'Clear all']));
    const expected = found.flatMap((title) => [title, `More like this: ${title}`]);
    expect(met.slice(-expected.length)).toEqual(expected);
    expectClean(visitor);
    await visitor.close();
  });

  it('skips to the content, and goes from view to view with its headings', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=red+mug');
    const [first = ''] = await resultsOf(page, '“red mug”');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await resultList(page).getByRole('link', { name: first, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: first, level: 1 }).waitFor();
    await expect.poll(() => focused(page)).toBe(first);
    expectClean(visitor);
    await visitor.close();
  });
});
