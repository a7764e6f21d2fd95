import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser } from '../support/browser.js';
import { titles } from '../support/search-visit.js';
import {
  expectFirst,
  expectGivenUp,
  isUpload,
  photoInAddress,
  photoPanel,
  recordUploads,
  selection,
  untilOtherPhoto,
} from './photo-visit.js';
import { about, drag, selected, touch, visitWithPhoto } from './region-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe('a part of a photo', () => {
  it('is drawn with the mouse, and searched with', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    const found = await titles(page);
    const uploads = recordUploads(page);
    await drag(page, { x: 0.1, y: 0.2 }, { x: 0.5, y: 0.6 });
    await untilOtherPhoto(page, whole);
    await expect.poll(() => titles(page), { timeout: 20_000 }).not.toEqual(found);
    expect(await selected(page)).toEqual({ left: about(10), top: about(20), width: about(40), height: about(40) });
    await photoPanel(page)
      .getByRole('status')
      .filter({ hasText: /^Selected: left \d+%, top \d+%, width \d+%/ })
      .waitFor();
    expect(uploads).toHaveLength(1);
    await expectAccessible(page);
    expectClean(visitor);
    await visitor.close();
  });

  it('is moved, and resized by its corners, past each other too', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    await drag(page, { x: 0.2, y: 0.2 }, { x: 0.6, y: 0.6 });
    const drawn = await untilOtherPhoto(page, whole);
    await drag(page, { x: 0.4, y: 0.4 }, { x: 0.5, y: 0.9 });
    const moved = await untilOtherPhoto(page, drawn);
    expect(await selected(page)).toEqual({ left: about(30), top: about(60), width: about(40), height: about(40) });
    await drag(page, { x: 0.3, y: 0.6 }, { x: 0.9, y: 0.5 });
    const turned = await untilOtherPhoto(page, moved);
    expect(await selected(page)).toEqual({ left: about(70), top: about(50), width: about(20), height: about(50) });
    await drag(page, { x: 0.7, y: 0.75 }, { x: 0.5, y: 0.75 });
    await untilOtherPhoto(page, turned);
    expect(await selected(page)).toEqual({ left: about(50), top: about(50), width: about(40), height: about(50) });
    expectClean(visitor);
    await visitor.close();
  });

  it('is selected, moved and resized by keyboard, and given up', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    const found = await titles(page);
    await photoPanel(page).getByRole('button', { name: 'Select a part' }).focus();
    await page.keyboard.press('Enter');
    const middle = await untilOtherPhoto(page, whole);
    expect(await selected(page)).toEqual({ left: 20, top: 20, width: 60, height: 60 });
    expect(await selection(page).evaluate((frame) => frame === document.activeElement)).toBe(true);
    await photoPanel(page).getByText('Arrow keys move the selection').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('Control+Shift+ArrowUp');
    expect(await selected(page)).toEqual({ left: 19, top: 25, width: 61, height: 55 });
    await untilOtherPhoto(page, middle);
    await photoPanel(page)
      .getByRole('status')
      .filter({ hasText: 'Selected: left 19%, top 25%, width 61%, height 55%' })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => url.searchParams.get('photo') === whole);
    await expect.poll(() => titles(page), { timeout: 20_000 }).toEqual(found);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Select a part');
    expectClean(visitor);
    await visitor.close();
  });

  it('goes back to the whole photo, and to a part that was searched with, without being sent again', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    const uploads = recordUploads(page);
    await photoPanel(page).getByRole('button', { name: 'Select a part' }).click();
    const part = await untilOtherPhoto(page, whole);
    await photoPanel(page).getByRole('button', { name: 'Whole photo' }).click();
    await page.waitForURL((url) => url.searchParams.get('photo') === whole);
    await expectFirst(page, 1);
    await photoPanel(page).getByRole('button', { name: 'Select a part' }).click();
    await page.waitForURL((url) => url.searchParams.get('photo') === part);
    expect(uploads).toHaveLength(1);
    expectClean(visitor);
    await visitor.close();
  });

  it('never has its results replaced by those of an earlier part', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    const held: Route[] = [];
    await page.route('**/graphql', async (route) => {
      if (isUpload(route.request()) && held.length === 0) held.push(route);
      else await route.continue();
    });
    await drag(page, { x: 0.1, y: 0.1 }, { x: 0.3, y: 0.3 });
    await expect.poll(() => held.length).toBe(1);
    await drag(page, { x: 0.5, y: 0.5 }, { x: 0.9, y: 0.9 });
    const latest = await untilOtherPhoto(page, whole);
    await expectGivenUp(held[0]);
    expect(photoInAddress(page)).toBe(latest);
    expect(await selected(page)).toEqual({ left: about(50), top: about(50), width: about(40), height: about(40) });
    expectClean(visitor);
    await visitor.close();
  });

  it('is drawn with a finger, without the page going away under it', async () => {
    const phone = { viewport: { width: 390, height: 600 }, hasTouch: true, isMobile: true };
    const visitor = await visitWithPhoto(browser, phone);
    const { page, whole } = visitor;
    await touch(page, { x: 0.2, y: 0.3 }, { x: 0.7, y: 0.8 });
    const drawn = await untilOtherPhoto(page, whole);
    expect(await selected(page)).toEqual({ left: about(20), top: about(30), width: about(50), height: about(50) });
    // What is selected is moved up and down, where a finger would scroll otherwise.
    await touch(page, { x: 0.45, y: 0.55 }, { x: 0.45, y: 0.3 });
    await untilOtherPhoto(page, drawn);
    expect(await selected(page)).toEqual({ left: about(20), top: about(5), width: about(50), height: about(50) });
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });
});
