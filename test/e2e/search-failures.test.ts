import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import { addressOf, expectShown, resultsOf, searchFor, titles } from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

/** Waits for a sentence that says what went wrong, and why. */
async function alertOf(page: Page, title: string): Promise<string> {
  const alert = page.getByRole('alert').filter({ has: page.getByRole('heading', { name: title }) });
  await alert.waitFor();
  return (await alert.textContent()) ?? '';
}

describe('a lost connection', () => {
  it('is said, and the search goes on when it is back', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page, context } = visitor;
    await page.goto('/');
    await searchFor(page, 'red mug');
    await context.setOffline(true);
    await page.getByLabel('What it looks like, in words').fill('green chair');
    await page.keyboard.press('Enter');
    expect(await alertOf(page, 'The connection is lost')).toContain('Check that you are online.');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await alertOf(page, 'The connection is lost');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    expect((await resultsOf(page, '“green chair”')).length).toBe(24);
    expect(await page.getByRole('alert').count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('at a later page leaves what is shown, and goes on from there', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page, context } = visitor;
    await page.goto('/?q=red+mug&category=Mugs&category=Hats');
    const found = await resultsOf(page, '“red mug”');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded();
    await alertOf(page, 'The connection is lost');
    expect(await titles(page)).toEqual(found);
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectShown(page, 48);
    expect((await titles(page)).slice(0, 24)).toEqual(found);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('a question that has no answer', () => {
  it('cannot be typed where it is too long, and is explained where it comes by a link', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto(`/?q=${'a'.repeat(501)}`);
    expect(await alertOf(page, 'That is too much to look for')).toContain('at most 500 characters: these are 501');
    expect(await page.getByLabel('What it looks like, in words').getAttribute('maxlength')).toBe('500');
    await searchFor(page, 'red mug');
    expectClean(visitor);
    await visitor.close();
  });

  it('goes on without a photo that is no longer kept', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=red+mug&photo=long-gone');
    await alertOf(page, 'This photo is no longer kept');
    await page.getByRole('button', { name: 'Search without the photo' }).click();
    await resultsOf(page, '“red mug”');
    expect(addressOf(page)).toBe('?q=red mug');
    expectClean(visitor);
    await visitor.close();
  });

  it.each([
    ['987654', 'This is no longer there', 'a product that is no longer there'],
    ['nonsense', 'This can’t be asked for', 'this product'],
  ])('says so where it is like product %s, which can be taken off', async (id, title, name) => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto(`/?q=mug&like=${id}`);
    await alertOf(page, title);
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await resultsOf(page, '“mug”');
    expectClean(visitor);
    await visitor.close();
  });
});
