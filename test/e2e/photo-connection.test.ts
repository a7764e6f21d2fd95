import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import { searchFor, titles } from '../support/search-visit.js';
import {
  demoPhoto,
  expectFirst,
  expectGivenUp,
  isUpload,
  photoInAddress,
  photoPanel,
  pick,
  preview,
  recordUploads,
  selection,
  untilOtherPhoto,
} from './photo-visit.js';
import { visitWithPhoto } from './region-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

/** What the server answers to the next photo: `null` breaks the connection. */
async function answerNextUpload(page: Page, answer: object | null): Promise<void> {
  let isDone = false;
  await page.route('**/graphql', async (route) => {
    if (isDone || !isUpload(route.request())) return route.continue();
    isDone = true;
    return answer === null ? route.abort('connectionreset') : route.fulfill({ json: answer });
  });
}

/** Photos that are sent get no further, until they are let go. */
async function holdUploads(page: Page): Promise<Route[]> {
  const held: Route[] = [];
  await page.route('**/graphql', async (route) => {
    if (isUpload(route.request())) held.push(route);
    else await route.continue();
  });
  return held;
}

/** An answer with an error. */
function refusal(code: string, retryAfterMs: number | null): object {
  return { errors: [{ message: 'Refused.', extensions: { code, retryAfterMs } }], data: { createQueryImage: null } };
}

describe('a photo on its way', () => {
  it('is shown at once, and can be called back', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const held = await holdUploads(page);
    await page.goto('/');
    const found = await searchFor(page, 'red mug');
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await expect.poll(() => held.length).toBe(1);
    await preview(page).waitFor();
    await photoPanel(page).getByRole('status').getByText('Looking at your photo…', { exact: true }).waitFor();
    await expectAccessible(page);
    await photoPanel(page).getByRole('button', { name: 'Cancel' }).click();
    await expectGivenUp(held[0]);
    await photoPanel(page).getByLabel('Choose a photo').waitFor();
    expect(await preview(page).count()).toBe(0);
    expect(await titles(page)).toEqual(found);
    expect(photoInAddress(page)).toBeNull();
    expect(await photoPanel(page).evaluate((panel) => panel === document.activeElement)).toBe(true);
    expectClean(visitor);
    await visitor.close();
  });

  it('gives way to a later one', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const held = await holdUploads(page);
    await page.goto('/');
    await pick(page, await demoPhoto('chairs/0005-1.jpg'));
    await expect.poll(() => held.length).toBe(1);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await expect.poll(() => held.length).toBe(2);
    await held[1]?.continue();
    await expectFirst(page, 1);
    await expectGivenUp(held[0]);
    await photoPanel(page).getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
    expectClean(visitor);
    await visitor.close();
  });

  it('takes the words along that were typed meanwhile', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    const held = await holdUploads(page);
    await page.goto('/');
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await expect.poll(() => held.length).toBe(1);
    await searchFor(page, 'blue');
    await held[0]?.continue();
    await page.getByRole('heading', { name: 'Like your photo, but “blue”' }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });
});

describe('a photo that does not arrive', () => {
  const LOST = 'The connection was lost before your photo arrived. Check it and try again.';

  it('is sent again when it is asked for', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await answerNextUpload(page, null);
    await page.goto('/');
    const found = await searchFor(page, 'red mug');
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await photoPanel(page).getByRole('alert').getByText(LOST).waitFor();
    expect(await titles(page)).toEqual(found);
    await photoPanel(page).getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Like your photo, but “red mug”' }).waitFor();
    await preview(page).waitFor();
    expect(await photoPanel(page).getByRole('alert').count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('is sent again while nothing gets through, and says so again', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page, context } = visitor;
    await page.goto('/');
    await context.setOffline(true);
    const uploads = recordUploads(page);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await photoPanel(page).getByRole('alert').getByText(LOST).waitFor();
    await photoPanel(page).getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => uploads.length).toBe(2);
    await photoPanel(page).getByRole('alert').getByText(LOST).waitFor();
    await context.setOffline(false);
    await photoPanel(page).getByRole('button', { name: 'Try again' }).click();
    await expectFirst(page, 1);
    expectClean(visitor);
    await visitor.close();
  });

  it('leaves the photo and the part that were searched with, when it is another part of it', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    await answerNextUpload(page, null);
    await photoPanel(page).getByRole('button', { name: 'Select a part' }).click();
    await photoPanel(page).getByRole('alert').getByText(LOST).waitFor();
    expect(photoInAddress(page)).toBe(whole);
    expect(await selection(page).count()).toBe(0);
    await photoPanel(page).getByRole('button', { name: 'Try again' }).click();
    await untilOtherPhoto(page, whole);
    await selection(page).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it.each([
    ['SERVICE_UNAVAILABLE', 'There is too much to do just now. Others are first. Try again in 3 seconds.'],
    ['RATE_LIMITED', 'That was a lot at once. There is a limit to what is answered. Try again in 3 seconds.'],
  ])('says when to try again: %s', async (code, sentences) => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await answerNextUpload(page, refusal(code, 2_500));
    await page.goto('/');
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await photoPanel(page).getByRole('alert').getByText(sentences).waitFor();
    await photoPanel(page).getByRole('button', { name: 'Try again' }).click();
    await expectFirst(page, 1);
    expectClean(visitor);
    await visitor.close();
  });
});

describe('a photo that has expired', () => {
  const EXPIRED = 'Photos can be searched with for a day, and the day of this one is over. Give it again to go on.';

  it('has to be given again where its picture is not known', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?photo=never-made');
    await photoPanel(page).getByText(EXPIRED).waitFor();
    await expectAccessible(page);
    await pick(page, await demoPhoto('mugs/0001-1.jpg'));
    await expectFirst(page, 1);
    expect(await photoPanel(page).getByText(EXPIRED).count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });

  it('is given again by itself where the tab has its picture', async () => {
    const visitor = await visitWithPhoto(browser);
    const { page, whole } = visitor;
    await expect.poll(() => page.evaluate(() => sessionStorage.getItem('lookalike.photos'))).toContain(whole);
    // As it is a day later: the tab knows the photo by an id that the server has forgotten.
    await page.evaluate((id) => {
      const kept = sessionStorage.getItem('lookalike.photos') ?? '';
      sessionStorage.setItem('lookalike.photos', kept.replace(id, 'of-yesterday'));
    }, whole);
    await page.goto('/?photo=of-yesterday');
    await photoPanel(page).getByText(EXPIRED).waitFor();
    await preview(page).waitFor();
    await photoPanel(page).getByRole('button', { name: 'Search with it again' }).click();
    await untilOtherPhoto(page, 'of-yesterday');
    await expectFirst(page, 1);
    expect(await photoPanel(page).getByText(EXPIRED).count()).toBe(0);
    expectClean(visitor);
    await visitor.close();
  });
});
