import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectClean, startBrowser, visit } from '../support/browser.js';
import { addressOf, expectShown, resultList, resultsOf } from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const wide = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 360, height: 740 } };

/** Brand and category of the products that are shown. */
async function makers(page: Page): Promise<string[]> {
  return resultList(page)
    .getByText(/^.+ · .+$/)
    .allTextContents();
}

/** Waits for a filter to be on, which is when the results are its own. */
async function untilOn(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: `Remove the filter: ${label}`, exact: true }).waitFor();
  await resultList(page).waitFor();
}

async function expectPrices(page: Page, min: number, max: number): Promise<void> {
  const texts = await resultList(page)
    .getByText(/^€[\d,.]+$/)
    .allTextContents();
  const prices = texts.map((text) => Number(text.replace(/[€,]/g, '')));
  expect(prices.length).toBeGreaterThan(0);
  expect(Math.min(...prices)).toBeGreaterThanOrEqual(min);
  expect(Math.max(...prices)).toBeLessThanOrEqual(max);
}

describe('filters beside the results', () => {
  it('narrow down by category, brand, price and stock, each a step in the history', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?q=red');
    await resultsOf(page, '“red”');
    const filters = page.getByRole('region', { name: 'Filters' });
    await filters.getByRole('checkbox', { name: 'Hats 24' }).click();
    await untilOn(page, 'category Hats');
    await filters.getByRole('button', { name: 'Show all 16: Category' }).click();
    await filters.getByRole('checkbox', { name: 'Watches 24' }).click();
    await untilOn(page, 'category Watches');
    const categories = (await makers(page)).map((maker) => maker.split(' · ')[1]);
    expect([...new Set(categories)].sort()).toEqual(['Hats', 'Watches']);

    await filters.getByRole('button', { name: /^Show all \d+: Brand$/ }).click();
    await filters.getByRole('checkbox', { name: /^Kopfsache/ }).click();
    await untilOn(page, 'brand Kopfsache');
    expect(new Set(await makers(page))).toEqual(new Set(['Kopfsache · Hats']));

    await filters.getByRole('textbox', { name: 'From' }).fill('20');
    await filters.getByRole('textbox', { name: 'To' }).fill('70');
    await page.keyboard.press('Enter');
    await untilOn(page, 'price €20.00 to €70.00');
    await expectPrices(page, 20, 70);

    expect(await resultList(page).getByText('Out of stock').count()).toBeGreaterThan(0);
    await filters.getByRole('checkbox', { name: 'Only in stock' }).click();
    await untilOn(page, 'In stock');
    expect(await resultList(page).getByText('Out of stock').count()).toBe(0);
    expect(addressOf(page)).toBe('?q=red&category=Hats&category=Watches&brand=Kopfsache&min=20&max=70&stock=1');

    await page.goBack();
    await page.getByRole('button', { name: 'Remove the filter: In stock' }).waitFor({ state: 'detached' });
    expect(await filters.getByRole('checkbox', { name: 'Only in stock' }).isChecked()).toBe(false);
    expectClean(visitor);
    await visitor.close();
  });

  it('are all kept where one follows another before the page has shown the first', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?q=red&category=Hats');
    await resultsOf(page, '“red”');
    const filters = page.getByRole('region', { name: 'Filters' });
    await filters.getByRole('checkbox', { name: 'Only in stock' }).waitFor();
    // In one go, so that nothing can be shown between them.
    await filters.evaluate((region) => {
      for (const checkbox of region.querySelectorAll<HTMLInputElement>('input[type=checkbox]')) {
        if (/^(Only in stock|Hats|Bottles)/.test(checkbox.closest('label')?.textContent ?? '')) checkbox.click();
      }
    });
    await untilOn(page, 'In stock');
    await untilOn(page, 'category Bottles');
    expect(addressOf(page)).toBe('?q=red&category=Bottles&stock=1');
    expectClean(visitor);
    await visitor.close();
  });

  it('are taken off one by one, and all at once', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?q=mug&category=Mugs&brand=Clayfold&brand=Morgenrot&max=30');
    await resultsOf(page, '“mug”');
    await page.getByRole('button', { name: 'Remove the filter: brand Morgenrot' }).click();
    await page.getByRole('button', { name: 'Remove the filter: brand Morgenrot' }).waitFor({ state: 'detached' });
    await resultList(page).waitFor();
    expect(new Set(await makers(page))).toEqual(new Set(['Clayfold · Mugs']));
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expectShown(page, 24);
    expect(addressOf(page)).toBe('?q=mug');
    expect(await page.getByRole('list', { name: 'Filters that are on' }).count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('take prices the wrong way round, and no prices that are none', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?q=lamp');
    await resultsOf(page, '“lamp”');
    await page.getByRole('textbox', { name: 'From' }).fill('80');
    await page.keyboard.press('Enter');
    await untilOn(page, 'price From €80.00');
    await page.getByRole('textbox', { name: 'To' }).fill('40');
    await page.keyboard.press('Enter');
    await untilOn(page, 'price €40.00 to €80.00');
    await expectPrices(page, 40, 80);
    await page.getByRole('textbox', { name: 'To' }).fill('cheap');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Write a price like 12.50.' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'To' }).inputValue()).toBe('cheap');
    expect(await page.getByRole('textbox', { name: 'To' }).getAttribute('aria-invalid')).toBe('true');
    expect(addressOf(page)).toBe('?q=lamp&min=40&max=80');
    await page.getByRole('textbox', { name: 'To' }).fill('€1,000');
    await page.keyboard.press('Enter');
    await untilOn(page, 'price €40.00 to €1,000.00');
    expect(addressOf(page)).toBe('?q=lamp&min=40&max=1000');
    expectClean(visitor);
    await visitor.close();
  });

  it('show which of them to do without where they leave nothing', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?q=mug&category=Mugs&max=2');
    await page.getByRole('heading', { name: 'Nothing fits all of these filters' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Nothing found' }).waitFor();
    await page.getByRole('link', { name: /^Clear filters/ }).waitFor();
    // Nothing at all is that cheap.
    expect(await page.getByRole('link', { name: 'Without “Mugs”' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Without “Up to €2.00” 24' }).click();
    await expectShown(page, 24);
    expect(addressOf(page)).toBe('?q=mug&category=Mugs');
    expectClean(visitor);
    await visitor.close();
  });

  it('stay while something else is looked for', async () => {
    const visitor = await visit(browser, inject('demoUrl'), wide);
    const { page } = visitor;
    await page.goto('/?category=Mugs');
    await page.getByRole('button', { name: 'Remove the filter: category Mugs' }).waitFor();
    await page.getByLabel('What it looks like, in words').fill('green');
    await page.keyboard.press('Enter');
    await resultsOf(page, '“green”');
    expect((await makers(page)).every((maker) => maker.endsWith('· Mugs'))).toBe(true);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('filters on a phone', () => {
  it('are chosen in a dialog, and applied together', async () => {
    const visitor = await visit(browser, inject('demoUrl'), phone);
    const { page } = visitor;
    await page.goto('/?q=red');
    await resultsOf(page, '“red”');
    await page.getByRole('button', { name: 'Filters' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filters' });
    await dialog.getByRole('checkbox', { name: 'Only in stock' }).click();
    await dialog.getByRole('checkbox', { name: 'Hats 24' }).click();
    expect(addressOf(page)).toBe('?q=red');
    await dialog.getByRole('button', { name: 'Show products' }).click();
    await untilOn(page, 'category Hats');
    expect(addressOf(page)).toBe('?q=red&category=Hats&stock=1');
    await page.getByRole('button', { name: 'Filters (2)' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Filters', exact: true }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('are as they were when the dialog is closed', async () => {
    const visitor = await visit(browser, inject('demoUrl'), phone);
    const { page } = visitor;
    await page.goto('/?q=red&category=Hats');
    await resultsOf(page, '“red”');
    const open = page.getByRole('button', { name: 'Filters (1)' });
    await open.click();
    const dialog = page.getByRole('dialog', { name: 'Filters' });
    await dialog.getByRole('button', { name: 'Clear all' }).click();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await open.evaluate((button) => button === document.activeElement)).toBe(true);
    await open.click();
    expect(await dialog.getByRole('checkbox', { name: 'Hats 24' }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(addressOf(page)).toBe('?q=red&category=Hats');
    expectClean(visitor);
    await visitor.close();
  });
});
