import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectClean, startBrowser, visit } from '../support/browser.js';
import {
  addressOf,
  giveDemoPhoto,
  resultList,
  resultsOf,
  searchFor,
  startOf,
  titles,
} from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe('a search by words', () => {
  it('finds red mugs, names the tab, and is a step in the history', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    const found = await searchFor(page, 'red mug');
    expect(found).toHaveLength(24);
    expect(found.slice(0, 4)).toEqual(Array(4).fill(expect.stringMatching(/mug$/)));
    expect(found.slice(0, 4).filter((title) => /\bred\b|coral/.test(title)).length).toBeGreaterThanOrEqual(3);
    await resultList(page).getByText('Best match').waitFor();
    expect(addressOf(page)).toBe('?q=red mug');
    expect(await page.title()).toBe('“red mug” · Lookalike');
    await page.goBack();
    await startOf(page);
    expect(await page.getByLabel('What it looks like, in words').inputValue()).toBe('');
    await page.goForward();
    expect(await resultsOf(page, '“red mug”')).toEqual(found);
    expect(await page.getByLabel('What it looks like, in words').inputValue()).toBe('red mug');
    expectClean(visitor);
    await visitor.close();
  });

  it('searches by its button, and says how much there is', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    await page.getByLabel('What it looks like, in words').fill('  blue chair ');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await resultsOf(page, '“blue chair”');
    await page
      .getByRole('status')
      .filter({ hasText: /The \d+ products most alike, and more below/ })
      .waitFor();
    expect(addressOf(page)).toBe('?q=blue chair');
    expectClean(visitor);
    await visitor.close();
  });

  it('can be begun with an example of the shop’s own', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    const example = (await startOf(page)).getByRole('link').first();
    const words = (await example.textContent()) ?? '';
    expect(words).toMatch(/^red [a-z]+/);
    await example.click();
    expect((await resultsOf(page, `“${words}”`)).length).toBeGreaterThan(0);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('a search by pictures', () => {
  it('finds the same picture first, and says so', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto(`/?photo=${await giveDemoPhoto('mugs/0001-1.jpg')}`);
    const found = await resultsOf(page, 'Like your photo');
    expect(found[0]).toBe('Zigzag red porcelain mug');
    const first = resultList(page).getByRole('listitem').first();
    expect(await first.textContent()).toContain('Same picture');
    expect(await resultList(page).getByRole('listitem').nth(1).textContent()).toMatch(/\d+% alike/);
    expectClean(visitor);
    await visitor.close();
  });

  it('takes words on top: this photo, but in blue', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto(`/?photo=${await giveDemoPhoto('mugs/0001-1.jpg')}`);
    const alone = await resultsOf(page, 'Like your photo');
    await page.getByLabel('What it looks like, in words').fill('blue');
    await page.keyboard.press('Enter');
    const found = await resultsOf(page, 'Like your photo, but “blue”');
    expect(addressOf(page)).toMatch(/^\?q=blue&photo=/);
    expect(found).not.toEqual(alone);
    expect(found[0]).toMatch(/blue .*mug$/);
    expect(await resultList(page).getByText('% alike').count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('takes the words that stand in the field along with a photo that is chosen', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    await page.getByLabel('What it looks like, in words').fill('green');
    await page.getByLabel('Choose a photo').setInputFiles(join(inject('demoImages'), 'mugs', '0001-1.jpg'));
    await resultsOf(page, 'Like your photo, but “green”');
    expect(addressOf(page)).toMatch(/^\?q=green&photo=/);
    expectClean(visitor);
    await visitor.close();
  });

  it('leads from any product to more like it: with the filters, without the words', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=red+mug&category=Mugs');
    const [title = ''] = await resultsOf(page, '“red mug”');
    const more = page.getByRole('link', { name: `More like this: ${title}` });
    await more.focus();
    await page.keyboard.press('Enter');
    const found = await resultsOf(page, 'Like this product');
    expect(addressOf(page)).toMatch(/^\?like=\d+&category=Mugs$/);
    expect(found).not.toContain(title);
    expect(found[0]).toMatch(/mug$/);
    // The link that was pressed is gone; reading goes on at the heading.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Like this product');
    const chip = page.getByRole('list', { name: 'Products to look like' });
    expect(await chip.textContent()).toBe(`Products like ${title}`);
    await chip.getByRole('button', { name: `Remove ${title}` }).click();
    await startOf(page);
    expect(addressOf(page)).toBe('?category=Mugs');
    expectClean(visitor);
    await visitor.close();
  });
});

describe('the address of a search', () => {
  it('gives the same results to somebody else, and after a reload', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?like=1&like=241&q=striped&max=60&stock=1');
    const found = await resultsOf(page, 'Like these 2 products, but “striped”');
    const other = await visit(browser, inject('demoUrl'));
    await other.page.goto(page.url());
    expect(await resultsOf(other.page, 'Like these 2 products, but “striped”')).toEqual(found);
    await page.reload();
    expect(await resultsOf(page, 'Like these 2 products, but “striped”')).toEqual(found);
    expectClean(visitor);
    expectClean(other);
    await visitor.close();
    await other.close();
  });

  it('is the start where it is nonsense', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?min=abc&category=&photo=');
    await startOf(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await titles(page)).toEqual([]);
    expectClean(visitor);
    await visitor.close();
  });
});
