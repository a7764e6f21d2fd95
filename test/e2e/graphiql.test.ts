import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import {
  openPanel,
  run,
  titlesIn,
  untilKept,
  putInto,
  variablesIn,
  visitGraphiQL,
  waitForEditors,
} from '../support/graphiql-visit.js';
import { until } from '../support/until.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe('GraphiQL', () => {
  it('opens with an operation that can be run as it is, and asks nothing of other hosts', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    expect(await page.title()).toBe('GraphiQL · Lookalike');
    expect(await page.getByRole('tab').allInnerTexts()).toEqual([
      'SearchByWords',
      'SimilarToProduct',
      'SimilarProductsByPhotograph',
      'WatchEmbeddingStatus',
    ]);
    const titles = titlesIn(await run(page));
    expect(titles).toHaveLength(6);
    expect(titles[0]).toMatch(/red .*mug/i);
    // Its checks and completions are made in workers of the page's own.
    await until('its workers run', () => page.workers().length > 0);
    expectClean(visitor);
    await visitor.close();
  });

  it('is loaded by its own page alone', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto('/');
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().waitFor();
    expect(loaded.filter((path) => path.endsWith('.js')).length).toBeGreaterThan(0);
    expect(loaded.filter((path) => /graphiql|monaco|worker/.test(path))).toEqual([]);
    await visitor.close();
  });

  it('leads back to the page, and names its parts', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    const links = page.getByRole('main').getByRole('navigation', { name: 'Lookalike' });
    expect(await links.getByRole('link', { name: 'Admin' }).getAttribute('href')).toBe('/admin');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('GraphiQL');
    await links.getByRole('link', { name: 'Search' }).click();
    await page.waitForURL('/');
    expectClean(visitor);
    await visitor.close();
  });

  it('keeps the tabs of an earlier visit as they were left', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await tabOf(page, 'SimilarToProduct').click();
    await putInto(page, 'variables.json', '{ "id": "7", "limit": 2 }');
    await untilKept(page);
    await page.reload();
    await waitForEditors(page);
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('SimilarToProduct');
    expect(await variablesIn(page)).toEqual({ id: '7', limit: 2 });
    expect(titlesIn(await run(page))).toHaveLength(2);
    expectClean(visitor);
    await visitor.close();
  });

  it('has the colours of the system as they change, and those that are chosen against it', async () => {
    const visitor = await visitGraphiQL(browser, { colorScheme: 'light' });
    const { page } = visitor;
    expect(await coloursOf(page)).toEqual({ editor: 'light', panel: 'light' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => coloursOf(page)).toEqual({ editor: 'dark', panel: 'dark' });
    await page.getByRole('button', { name: 'Open settings dialog' }).click();
    await page.getByRole('button', { name: 'Light' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => coloursOf(page)).toEqual({ editor: 'light', panel: 'light' });
    expectClean(visitor);
    await visitor.close();
  });
});

function tabOf(page: Page, name: string): Locator {
  return page.getByRole('tab').getByRole('button', { name });
}

/** Whether letters are dark, as they are on a light ground. */
async function coloursOf(page: Page): Promise<{ editor: string; panel: string }> {
  const editor = await page.locator('.graphiql-query-editor .monaco-editor').first().getAttribute('class');
  const panel = await page
    .getByRole('heading', { name: 'Photograph' })
    .evaluate((heading) => Number(/\d+/.exec(getComputedStyle(heading).color)?.[0]));
  return { editor: editor?.includes('vs-dark') === true ? 'dark' : 'light', panel: panel > 128 ? 'dark' : 'light' };
}

describe('the panel of operations', () => {
  it('has one for every field, and opens it in a tab of its own', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await openPanel(page, 'Operations');
    const panel = page.getByRole('region', { name: 'Operations' });
    expect(await panel.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Search',
      'Photographs',
      'Products',
      'Embedding',
      'Models',
    ]);
    await panel.getByRole('button', { name: 'Product', exact: true }).click();
    expect(await page.getByRole('tab').count()).toBe(5);
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Product');
    expect(await run(page)).toMatchObject({ data: { product: { title: 'Zigzag red porcelain mug' } } });
    await expectAccessible(page, '.graphiql-plugin');
    expectClean(visitor);
    await visitor.close();
  });

  it('goes to the tab that has an operation already, and opens another where that was changed', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await openPanel(page, 'Operations');
    const open = page.getByRole('region', { name: 'Operations' }).getByRole('button', { name: 'SimilarToProduct' });
    await open.click();
    expect(await page.getByRole('tab').count()).toBe(4);
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('SimilarToProduct');
    await putInto(page, 'variables.json', '{ "id": "7", "limit": 2 }');
    await untilKept(page);
    await open.click();
    await expect.poll(async () => (await variablesIn(page)).id).toBe('1');
    expect(await page.getByRole('tab').count()).toBe(5);
    await tabOf(page, 'SimilarToProduct').first().click();
    await expect.poll(async () => (await variablesIn(page)).id).toBe('7');
    expectClean(visitor);
    await visitor.close();
  });
});
