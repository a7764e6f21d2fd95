import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser } from '../support/browser.js';
import { openPanel, run, textIn, titlesIn, putInto, variablesIn, visitGraphiQL } from '../support/graphiql-visit.js';
import { until } from '../support/until.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

const demoImage = (name: string): string => join(inject('demoImages'), name);

function panelOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Photograph' });
}

/** Chooses a file in the panel, and waits until its id is in the variables. */
async function choose(page: Page, name: string): Promise<string> {
  const before = await shownId(page);
  await page.getByLabel('Choose a photograph').setInputFiles(demoImage(name));
  return until('there is another id', async () => {
    const id = await shownId(page);
    return id !== before && id;
  });
}

/** The id that the panel shows; null while it has none. */
async function shownId(page: Page): Promise<string | null> {
  const field = page.getByLabel('Id', { exact: true });
  return (await field.isVisible()) ? field.inputValue() : null;
}

/** As a hand does it: the file comes with a DataTransfer, from a drag or from the clipboard. */
async function transfer(target: Locator, type: 'drop' | 'paste', name: string): Promise<void> {
  const base64 = (await readFile(demoImage(name))).toString('base64');
  await target.evaluate(
    (element, given) => {
      const bytes = Uint8Array.from(atob(given.base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'photograph.jpg', { type: 'image/jpeg' }));
      const options = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        given.type === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: data })
          : new ClipboardEvent('paste', { ...options, clipboardData: data }),
      );
    },
    { type, base64 },
  );
}

const MUG = 'mugs/0001-1.jpg';
const CHAIR = 'chairs/0005-1.jpg';

describe('the panel for photographs', () => {
  it('takes one that is dropped, and puts its id into the variables of a search with it', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await transfer(panelOf(page).getByText('or drop one here'), 'drop', MUG);
    await page.getByText('Its id is in the variables of SimilarProductsByPhotograph.').waitFor();
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('SimilarProductsByPhotograph');
    expect(await variablesIn(page)).toEqual({
      queryImageId: await shownId(page),
      filter: null,
      limit: 6,
      after: null,
    });
    await panelOf(page).getByRole('img', { name: 'The photograph that was given' }).waitFor();
    await panelOf(page).getByText('640 × 640 pixels').waitFor();
    expect(titlesIn(await run(page))[0]).toBe('Zigzag red porcelain mug');
    await expectAccessible(page, '.graphiql-plugin');
    expectClean(visitor);
    await visitor.close();
  });

  it('puts another one in its place, which finds other products', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await choose(page, MUG);
    const mugs = titlesIn(await run(page));
    const id = await choose(page, CHAIR);
    await expect.poll(async () => (await variablesIn(page)).queryImageId).toBe(id);
    const chairs = titlesIn(await run(page));
    expect(chairs[0]).toMatch(/chair|stool/);
    expect(mugs.filter((title) => chairs.includes(title))).toEqual([]);
    expectClean(visitor);
    await visitor.close();
  });

  it('takes one that is pasted, and a part of it', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await panelOf(page).getByRole('heading').click();
    await transfer(page.locator(':focus'), 'paste', MUG);
    const whole = await until('it is taken', () => shownId(page));
    await page.getByText('Only a part of it').click();
    await page.getByLabel('width', { exact: true }).fill('0.5');
    await page.getByRole('button', { name: 'Search with this part' }).click();
    await expect.poll(() => shownId(page)).not.toBe(whole);
    const part = await shownId(page);
    await expect.poll(async () => (await variablesIn(page)).queryImageId).toBe(part);
    // What the part shows is not the same picture as the whole.
    expect(JSON.stringify(await run(page))).not.toContain('SAME_IMAGE');
    expectClean(visitor);
    await visitor.close();
  });

  it('leaves other variables as they are, comments too', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await page.getByRole('button', { name: 'SimilarProductsByPhotograph' }).click();
    await putInto(page, 'variables.json', '{ "limit": 3, // few\n"queryImageId": "old" }');
    const id = await choose(page, MUG);
    await expect.poll(() => textIn(page, 'variables.json')).toBe(`{ "limit": 3, // few\n"queryImageId": "${id}" }`);
    expect(titlesIn(await run(page))).toHaveLength(3);
    expectClean(visitor);
    await visitor.close();
  });

  it('says where variables are no JSON, and leaves them alone until they are corrected', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await page.getByRole('button', { name: 'SimilarProductsByPhotograph' }).click();
    await putInto(page, 'variables.json', '{ "limit": 3');
    const id = await choose(page, MUG);
    await page.getByText('The variables of this tab are invalid JSON').waitFor();
    expect(await textIn(page, 'variables.json')).toBe('{ "limit": 3');
    await putInto(page, 'variables.json', '{ "limit": 3 }');
    await page.getByRole('button', { name: 'Put the id into this tab' }).click();
    await expect.poll(() => variablesIn(page)).toEqual({ limit: 3, queryImageId: id });
    await expect.poll(() => panelOf(page).getByRole('alert').innerText()).toBe('');
    expectClean(visitor);
    await visitor.close();
  });

  it('says why a file is no photograph, and takes the next one', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    const text = { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('These are notes.') };
    await page.getByLabel('Choose a photograph').setInputFiles(text);
    const alert = panelOf(page).getByRole('alert').filter({ hasText: '(IMAGE_UNREADABLE)' });
    expect(await alert.innerText()).toMatch(/^[A-Z].*\. \(IMAGE_UNREADABLE\)$/);
    expect((await variablesIn(page)).queryImageId).toBeUndefined();
    await choose(page, MUG);
    await page.getByText('Its id is in the variables of').waitFor();
    await alert.waitFor({ state: 'detached' });
    expectClean(visitor);
    await visitor.close();
  });

  it('takes one photograph at a time', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await panelOf(page)
      .getByText('or drop one here')
      .evaluate((element) => {
        const dataTransfer = new DataTransfer();
        for (const name of ['a.jpg', 'b.jpg']) dataTransfer.items.add(new File(['x'], name, { type: 'image/jpeg' }));
        element.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
      });
    await page.getByText('Give one photograph at a time: these are 2. (BAD_USER_INPUT)').waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('copies the id, and keeps the photograph while other panels are open', async () => {
    const visitor = await visitGraphiQL(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = visitor;
    const id = await choose(page, MUG);
    await page.getByRole('button', { name: 'Copy the id' }).click();
    await page.getByRole('button', { name: 'Copied the id' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
    await openPanel(page, 'Operations');
    await page.getByRole('button', { name: 'SearchByPhotographAndWords' }).click();
    await expect.poll(() => variablesIn(page)).toEqual({ queryImageId: id, text: 'green', limit: 6 });
    expect(titlesIn(await run(page))[0]).toMatch(/mug/);
    await openPanel(page, 'Photograph');
    expect(await shownId(page)).toBe(id);
    expectClean(visitor);
    await visitor.close();
  });
});
