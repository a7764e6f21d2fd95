import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Close } from '../../src/types.js';

/** A person with a browser of their own: nothing is kept from one to the next. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** Addresses on other hosts that the page asked for. They are all blocked: the page works without the internet. */
  foreign: string[];
  /** What the page wrote to the console as an error, threw, or tried against its Content-Security-Policy. */
  problems: string[];
  close: Close;
}

/** Debian's: the same browser without a window, which takes a third less time. CHROMIUM names another one. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';

/** A refused request is an answer that the page deals with, and so is a lost connection; the browser reports both all the same. */
const REFUSED = /^(Failed to load resource|WebSocket connection to '[^']*' failed)/;

/** Starts Chromium; one for a test file, with a {@link visit} for each test. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
}

/**
 * Opens a new profile.
 *
 * @param url - the server's address, `http://localhost:4000/`; addresses that the test opens are relative to it.
 */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  const foreign: string[] = [];
  const problems: string[] = [];
  const { origin } = new URL(url);
  await context.route(
    (address) => address.origin !== origin && /^https?:$/.test(address.protocol),
    async (route) => {
      foreign.push(route.request().url());
      await route.abort();
    },
  );
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !REFUSED.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  return { page, context, foreign, problems, close: () => context.close() };
}

/** Expects that nothing came from elsewhere, and that nothing went wrong in the page unseen. */
export function expectClean({ foreign, problems }: Visitor): void {
  expect({ foreign, problems }).toEqual({ foreign: [], problems: [] });
}

/**
 * Expects that axe finds nothing serious in what the page shows now.
 *
 * @param within - a selector of the part to look at; all of it by default.
 */
export async function expectAccessible(page: Page, within = 'html'): Promise<void> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(path, 'utf8'));
  const results = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(within)})`);
  const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
}
