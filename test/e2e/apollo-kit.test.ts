import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { projectRoot } from '../../src/paths.js';
import { expectClean, startBrowser, visit, type Visitor } from '../support/browser.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const kit = join(projectRoot, 'packages', 'apollo');

/** The first program of the kit's README, bundled against the built kit as a shop's own tools would do it. */
async function bundledExample(): Promise<{ source: string; script: string }> {
  const readme = await readFile(join(kit, 'README.md'), 'utf8');
  const source = /```tsx\n([^]*?)```/.exec(readme)?.[1] ?? '';
  const { outputFiles } = await build({
    stdin: { contents: source, loader: 'tsx', resolveDir: join(projectRoot, 'web') },
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    write: false,
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return { source, script: outputFiles[0]?.text ?? '' };
}

/** Opens the example as a page of the demo's own origin. */
async function visitExample(script: string): Promise<Visitor> {
  const visitor = await visit(browser, inject('demoUrl'));
  const { page } = visitor;
  await page.route('**/example', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<title>Example</title><div id="root"></div><script type="module" src="/example.js"></script>',
    }),
  );
  await page.route('**/example.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  await page.goto('/example');
  return visitor;
}

describe('the example of the kit', () => {
  it('is some 30 lines, and finds by words, by a photograph, and page after page', async () => {
    const { source, script } = await bundledExample();
    expect(source.trim().split('\n').length).toBeLessThanOrEqual(36);
    const visitor = await visitExample(script);
    const { page } = visitor;
    const results = page.getByRole('listitem');
    await page.getByLabel('Words').fill('red mug');
    await results
      .filter({ hasText: /red .*mug/i })
      .first()
      .waitFor();
    await page.getByLabel('Words').fill('');
    await page.getByLabel('Photo').setInputFiles(join(inject('demoImages'), 'mugs', '0001-1.jpg'));
    await results.filter({ hasText: 'Zigzag red porcelain mug: 1.00' }).waitFor();
    expect(await results.count()).toBe(24);
    await page.getByRole('button', { name: 'More' }).click();
    await results.nth(47).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('says why a file is no photograph', async () => {
    const { script } = await bundledExample();
    const visitor = await visitExample(script);
    const { page } = visitor;
    await page
      .getByLabel('Photo')
      .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('text') });
    await page.getByRole('status').filter({ hasText: /\w+/ }).filter({ hasNotText: 'Looking' }).waitFor();
    await page.getByLabel('Photo').setInputFiles(join(inject('demoImages'), 'mugs', '0001-1.jpg'));
    await page.getByRole('listitem').first().waitFor();
    expectClean(visitor);
    await visitor.close();
  });
});
