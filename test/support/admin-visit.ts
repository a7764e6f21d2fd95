import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { visit, type Visitor } from './browser.js';

export interface AdminVisitOptions extends BrowserContextOptions {
  url: string;
  token: string;
  /** Another host whose pictures are not kept from the page: `http://127.0.0.1:port`. */
  pictures?: string;
}

/** Opens a view of the administration in a new profile, and signs in. */
export async function visitAsAdmin(browser: Browser, path: string, options: AdminVisitOptions): Promise<Visitor> {
  const { url, token, pictures, ...context } = options;
  const visitor = await visit(browser, url, context);
  if (pictures !== undefined) await visitor.context.route(`${pictures}/**`, (route) => route.continue());
  await visitor.page.goto(path);
  await signIn(visitor.page, token);
  return visitor;
}

/** Gives the form the token. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Admin token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
