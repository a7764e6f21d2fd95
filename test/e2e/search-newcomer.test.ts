import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import { launchDemo, type Demo } from '../support/demo-process.js';
import { resultsOf, titles } from '../support/search-visit.js';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  browser = await startBrowser();
  // Most of its pictures are drawn already; while it draws the others, nothing is embedded yet.
  demo = await launchDemo({
    pictures: { folder: inject('demoImages'), isTaken: (path) => path.endsWith('-1.jpg') },
  });
});

afterAll(async () => {
  await browser.close();
  await demo.close();
});

/** Drawing the others and embedding all takes some 25 seconds on two cores that have nothing else to do. */
const READY_WITHIN_MS = 280_000;

describe('the first minute of a shop', () => {
  it(
    'says how far it is, and then shows what was looked for, without being asked again',
    { timeout: 300_000 },
    async () => {
      const visitor = await visit(browser, demo.url);
      const { page } = visitor;
      await page.goto('/?q=red+mug');
      await page.getByText(/The shop’s (384 )?pictures are (about to be|still being) looked at/).waitFor();
      await page.getByRole('progressbar').waitFor();
      await page.getByRole('status').filter({ hasText: 'Nothing yet' }).waitFor();
      await page.getByText('Products turn up here by themselves').waitFor();
      await expectAccessible(page);

      const start = await page.context().newPage();
      await start.goto(demo.url);
      const examples = start.getByRole('region', { name: 'Try' });
      await examples.getByRole('link', { name: /^red / }).waitFor();
      // Nothing is found that could stand beside them.
      expect(await examples.locator('img').count()).toBe(0);

      await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: READY_WITHIN_MS });
      await resultsOf(page, '“red mug”');
      await expect
        .poll(async () => (await titles(page)).slice(0, 4), { timeout: 20_000 })
        .toEqual(Array(4).fill(expect.stringMatching(/mug$/)));
      await examples.locator('img').first().waitFor();
      expectClean(visitor);
      await visitor.close();
    },
  );
});
