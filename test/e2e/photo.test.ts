import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import {
  demoPhoto,
  dragOver,
  drop,
  dropContents,
  expectFirst,
  paste,
  photoInAddress,
  photoPanel,
  pick,
  preview,
  recordUploads,
  untilOtherPhoto,
} from './photo-visit.js';
import { searchFor, titles } from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe('a photo', () => {
  it('is picked, shown, and searched with', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const uploads = recordUploads(page);
    await page.goto('/');
    await expectAccessible(page);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await expectFirst(page, 1);
    expect(photoInAddress(page)).not.toBeNull();
    expect(await preview(page).evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    expect(uploads).toHaveLength(1);
    await expectAccessible(page);
    expectClean(visitor);
    await visitor.close();
  });

  it('is picked by keyboard alone', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const chooser = page.waitForEvent('filechooser');
    await page.goto('/');
    await photoPanel(page).getByLabel('Choose a photo').focus();
    await page.keyboard.press('Enter');
    await (await chooser).setFiles([await demoPhoto('mugs/0001-1.jpg')]);
    await expectFirst(page, 1);
    expect((await chooser).isMultiple()).toBe(false);
    expectClean(visitor);
    await visitor.close();
  });

  it('is dropped anywhere, on a target that shows while it is dragged', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const target = page.getByText('Drop your photo to search with it');
    await page.goto('/');
    await dragOver(page, await demoPhoto('mugs/0001-1.jpg'));
    await target.waitFor();
    await expectAccessible(page);
    await page.mouse.move(300, 300);
    await target.waitFor({ state: 'detached' });
    await drop(page, await demoPhoto('mugs/0001-1.jpg'));
    await expectFirst(page, 1);
    expect(await target.count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('is pasted', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    await paste(page, await demoPhoto('mugs/0001-1.jpg'));
    await expectFirst(page, 1);
    expectClean(visitor);
    await visitor.close();
  });

  it('is pasted while the words have the focus, and words are pasted there as ever', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('searchbox').fill('red mug');
    await page.getByRole('searchbox').press('Control+a');
    await page.keyboard.press('Control+x');
    await page.keyboard.press('Control+v');
    expect(await page.getByRole('searchbox').inputValue()).toBe('red mug');
    await page.getByRole('searchbox').fill('');
    await paste(page, await demoPhoto('mugs/0001-1.jpg'));
    await expectFirst(page, 1);
    expectClean(visitor);
    await visitor.close();
  });

  it('is dragged out of another tab, of which only an address comes', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    const source = new URL('/images/mugs/0001-1.jpg', inject('demoUrl')).href;
    await dropContents(page, { 'text/uri-list': source, 'text/html': `<img alt="A mug" src="${source}">` });
    await expectFirst(page, 1);
    const before = photoInAddress(page);
    await dropContents(page, { 'text/uri-list': source.replace('mugs/0001', 'chairs/0005') });
    await untilOtherPhoto(page, before);
    await expectFirst(page, 5);
    expectClean(visitor);
    await visitor.close();
  });

  it('is none where text or a link is dragged', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const uploads = recordUploads(page);
    await page.goto('/');
    const found = await searchFor(page, 'red mug');
    const address = page.url();
    const link = new URL('/products/1', inject('demoUrl')).href;
    await dropContents(page, { 'text/uri-list': link, 'text/html': `<a href="${link}">A mug</a>` });
    await dropContents(page, { 'text/plain': 'a mug' });
    expect(await page.getByText('Drop your photo to search with it').count()).toBe(0);
    expect({ address: page.url(), found: await titles(page) }).toEqual({ address, found });
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await page.getByRole('heading', { name: 'Like your photo, but “red mug”' }).waitFor();
    expect(uploads).toHaveLength(1);
    expectClean(visitor);
    await visitor.close();
  });

  it('has results of its own, and the same again when it is given again', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await expectFirst(page, 1);
    const found = await titles(page);
    const first = photoInAddress(page);
    await pick(page, await demoPhoto('chairs/0005-1.jpg'));
    const second = await untilOtherPhoto(page, first);
    await expectFirst(page, 5);
    expect(await titles(page)).not.toEqual(found);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await untilOtherPhoto(page, second);
    await expectFirst(page, 1);
    expect(await titles(page)).toEqual(found);
    expectClean(visitor);
    await visitor.close();
  });

  it('is taken away, and the words stay', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/');
    const found = await searchFor(page, 'blue');
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await page.getByRole('heading', { name: 'Like your photo, but “blue”' }).waitFor();
    await photoPanel(page).getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: '“blue”', exact: true }).waitFor();
    await expect.poll(() => titles(page)).toEqual(found);
    expect(photoInAddress(page)).toBeNull();
    expect(await preview(page).count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('comes from the camera of a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const visitor = await visit(browser, inject('demoUrl'), phone);
    const { page } = visitor;
    await page.goto('/');
    const camera = photoPanel(page).getByLabel('Take a photo');
    expect(await camera.getAttribute('capture')).toBe('environment');
    await camera.setInputFiles([await demoPhoto('mugs/0001-1.jpg')]);
    await expectFirst(page, 1);
    await expectAccessible(page);
    expectClean(visitor);
    await visitor.close();
  });
});
