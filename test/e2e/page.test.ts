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

  it('searches also where the browser keeps nothing for it', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.addInitScript(() => {
      Object.defineProperty(window, 'sessionStorage', {
        get: () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      });
    });
    await page.goto('/?q=red+mug');
    await page.getByRole('list', { name: 'Results' }).getByRole('listitem').first().waitFor();
    await page.goto('/admin');
    await page.getByLabel('Admin token').fill(inject('demoAdminToken'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Embedding' }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('offers to load itself again where a part of it is no longer there', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.route('**/assets/admin-page-*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto('/admin');
    await page.getByRole('heading', { name: 'This part of the page did not work' }).waitFor();
    await expectAccessible(page);
    await page.unroute('**/assets/admin-page-*.js');
    await page.getByRole('button', { name: 'Load it again' }).click();
    await page.getByLabel('Admin token').waitFor();
    await visitor.close();
  });
});
