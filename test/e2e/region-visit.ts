import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { visit, type Visitor } from '../support/browser.js';
import { demoPhoto, expectFirst, photoInAddress, pick, preview, selection } from './photo-visit.js';

/** A place in a photo, in shares of it, or on the screen, in pixels. */
export interface Place {
  x: number;
  y: number;
}

/** Opens the page, and searches with a photo of a mug. */
export async function visitWithPhoto(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Visitor & { whole: string }> {
  const visitor = await visit(browser, inject('demoUrl'), options);
  const { page } = visitor;
  await page.goto('/');
  await pick(page, await demoPhoto('mugs/0001-1.jpg'));
  await expectFirst(page, 1);
  return { ...visitor, whole: photoInAddress(page) ?? '' };
}

/** Where a place of the photo, in shares of it, is on the screen. */
async function onScreen(page: Page, { x, y }: Place): Promise<Place> {
  const box = await preview(page).boundingBox();
  if (box === null) throw new Error('The photo is not shown.');
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

/** Drags the mouse from one place of the photo to another. */
export async function drag(page: Page, from: Place, to: Place): Promise<void> {
  const [start, end] = [await onScreen(page, from), await onScreen(page, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}

/** What is selected, in whole percents. */
export async function selected(page: Page): Promise<Record<string, number>> {
  const words = (await selection(page).getAttribute('aria-label')) ?? '';
  return Object.fromEntries(
    [...words.matchAll(/(\w+) (\d+)%/g)].map(([, side = '', percent]) => [side, Number(percent)]),
  );
}

/** A pixel of the small preview is half a percent. */
export const about = (percent: number): unknown => expect.closeTo(percent, -0.5);

/** Draws with a finger: sideways first, as a finger that goes up or down scrolls. */
export async function touch(page: Page, from: Place, to: Place): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const [start, end] = [await onScreen(page, from), await onScreen(page, to)];
  const path = [start, { x: (start.x + 2 * end.x) / 3, y: (3 * start.y + end.y) / 4 }, end];
  for (const [index, touchPoint] of path.entries()) {
    await session.send('Input.dispatchTouchEvent', {
      type: index === 0 ? 'touchStart' : 'touchMove',
      touchPoints: [touchPoint],
    });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}
