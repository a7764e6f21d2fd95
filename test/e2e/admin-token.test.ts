import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startApp } from '../../src/app.js';
import { signIn, visitAsAdmin } from '../support/admin-visit.js';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { freePort } from '../support/free-port.js';
import { silentLog } from '../support/silent-log.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const keptIn = (page: Page): Promise<string | null> =>
  page.evaluate(() => sessionStorage.getItem('lookalike.adminToken'));

describe('the admin token', () => {
  it('is asked for before anything of the administration is there', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    for (const path of ['/admin', '/admin/models', '/admin/backfills/none']) {
      await page.goto(path);
      await page.getByRole('heading', { name: 'Admin' }).waitFor();
      expect(await page.getByRole('navigation', { name: 'Admin' }).count()).toBe(0);
    }
    const field = page.getByLabel('Admin token');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await field.getAttribute('autocomplete')).toBe('current-password');
    await field.fill('a-token');
    expect(await field.getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await field.getAttribute('type')).toBe('text');
    await expectAccessible(page);
    expectClean(visitor);
    await visitor.close();
  });

  it.each(['not-the-token-at-all', '“in-curly-quotation-marks”'])(
    'is not accepted and not kept where it is "%s"',
    async (token) => {
      const visitor = await visitAsAdmin(browser, '/admin', { url: inject('demoUrl'), token });
      const { page } = visitor;
      await page.getByRole('alert').filter({ hasText: 'That is not the admin token of this server.' }).waitFor();
      expect(await keptIn(page)).toBeNull();
      await expectAccessible(page);
      await page.reload();
      await page.getByLabel('Admin token').waitFor();
      expectClean(visitor);
      await visitor.close();
    },
  );

  it('is not blamed where the server does not answer', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/admin');
    await page.route('**/graphql', (route) => route.abort());
    await signIn(page, inject('demoAdminToken'));
    await page.getByRole('alert').filter({ hasText: 'The server does not answer.' }).waitFor();
    expect(await keptIn(page)).toBeNull();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Embedding' }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('opens all views with the keyboard alone, is kept over a reload, and is forgotten on request', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/admin');
    await page.getByLabel('Admin token').waitFor();
    await page.keyboard.type(inject('demoAdminToken'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Embedding' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Models' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Admin token').waitFor();
    expect(await keptIn(page)).toBeNull();
    await page.reload();
    await page.getByLabel('Admin token').waitFor();
    expectClean(visitor);
    await visitor.close();
  });
});

describe('an admin token that is no longer accepted', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await startTestShop({ products: 3, env: { PORT: String(await freePort()) } });
  });

  afterAll(() => shop.close());

  it('is asked for anew, and nothing that was typed is lost', async () => {
    const visitor = await visitAsAdmin(browser, '/admin', { url: shop.app.url, token: ADMIN_TOKEN });
    const { page } = visitor;
    await page.getByLabel('Only these products').fill('1 3');
    await page.getByLabel('All images').check();
    await shop.app.close();
    const adminToken = 'another-admin-token-of-the-tests';
    const access = { ...shop.config.server.access, adminTokens: [adminToken] };
    const config = { ...shop.config, server: { ...shop.config.server, access } };
    shop.app = await startApp(config, { encoder: makeDeterministicEncoder(), log: silentLog });
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page.getByRole('alert').filter({ hasText: 'The admin token is no longer accepted.' }).waitFor();
    expect(await keptIn(page)).toBeNull();
    expect(await page.getByRole('navigation', { name: 'Admin' }).isVisible()).toBe(false);
    await expectAccessible(page);
    await signIn(page, adminToken);
    await page.getByText('This was not done, because the admin token was no longer accepted.').waitFor();
    expect(await page.getByLabel('Only these products').inputValue()).toBe('1 3');
    expect(await page.getByLabel('All images').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page.getByText('It would embed 2 of 2 images').waitFor();
    expectClean(visitor);
    await visitor.close();
  });
});
