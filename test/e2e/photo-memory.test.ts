import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import { expectFirst, photoPanel, preview, selection, untilOtherPhoto } from './photo-visit.js';
import { selected, visitWithPhoto } from './region-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe('the photo of a search', () => {
  it('is there after a reload and after Back, with its part, and another part can be selected', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    await photoPanel(page).getByRole('button', { name: 'Select a part' }).click();
    const part = await untilOtherPhoto(page, whole);
    await expectKept(page);
    await page.reload();
    await selection(page).waitFor();
    expect(await selected(page)).toEqual({ left: 20, top: 20, width: 60, height: 60 });
    expect(await preview(page).evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await page.getByRole('list', { name: 'Results' }).getByRole('heading').first().getByRole('link').click();
    await page.waitForURL('**/products/*');
    await page.goBack();
    await selection(page).waitFor();
    await selection(page).press('Shift+ArrowLeft');
    await untilOtherPhoto(page, part);
    expect(await selected(page)).toEqual({ left: 15, top: 20, width: 60, height: 60 });
    expectClean(visitor);
    await visitor.close();
  });

  it('is nobody else’s: a link that is passed on says that it is not kept', async () => {
    const visitor = await visitWithPhoto(browser);
    const other = await visit(browser, inject('demoUrl'));
    await other.page.goto(visitor.page.url());
    await expectFirst(other.page, 1);
    await photoPanel(other.page)
      .getByText('A photo someone searched with. It is not kept, only what it looks like.')
      .waitFor();
    await expectAccessible(other.page);
    await photoPanel(other.page).getByRole('button', { name: 'Remove' }).click();
    await other.page.getByRole('heading', { name: 'Find it by its looks' }).waitFor();
    expectClean(visitor);
    expectClean(other);
    await visitor.close();
    await other.close();
  });
});

/** Waits until the tab has kept the photo with both of its ids. */
async function expectKept(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => sessionStorage.getItem('lookalike.photos')?.match(/"id"/g)?.length))
    .toBe(2);
}
