import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe('the page', () => {
  it('says that there is nothing at an unknown address, and leads on', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const response = await page.goto('/no/such/place');
    expect(response?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Go to the search' }).click();
    await page.waitForURL('/');
    expectClean(visitor);
    await visitor.close();
  });
});
