import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page, Request, Route } from 'playwright-core';
import { expect, inject } from 'vitest';
import { resultList } from '../support/search-visit.js';

/** A file as somebody gives it to the page. */
export interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture of the demo, `mugs/0001-1.jpg`, as somebody's photograph. */
export async function demoPhoto(path: string): Promise<GivenFile> {
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await readFile(join(inject('demoImages'), path)) };
}

/** Where photos are given. */
export function photoPanel(page: Page): Locator {
  return page.getByRole('region', { name: 'Photo', exact: true });
}

/** The photo that is shown there. */
export function preview(page: Page): Locator {
  return photoPanel(page).getByRole('img', { name: 'Your photo' });
}

/** The selected part of it. */
export function selection(page: Page): Locator {
  return photoPanel(page).getByRole('application', { name: /^Selected part of the photo/ });
}

/** Chooses files, as the dialogue of the system gives them. */
export async function pick(page: Page, ...files: GivenFile[]): Promise<void> {
  await photoPanel(page)
    .getByLabel(/^(Choose a photo|Replace)$/)
    .setInputFiles(files);
}

/** Drags files over the page, and drops them there. */
export async function drop(page: Page, ...files: GivenFile[]): Promise<void> {
  await transfer(page, files, ['dragenter', 'dragover', 'drop']);
}

/** Drags files over the page, and no further. */
export async function dragOver(page: Page, ...files: GivenFile[]): Promise<void> {
  await transfer(page, files, ['dragenter', 'dragover']);
}

/** Pastes files where the focus is. */
export async function paste(page: Page, ...files: GivenFile[]): Promise<void> {
  await transfer(page, files, ['paste']);
}

async function transfer(page: Page, files: readonly GivenFile[], types: readonly string[]): Promise<void> {
  const sources = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  await page.evaluate(
    ([all, events]) => {
      const data = new DataTransfer();
      for (const { name, mimeType, base64 } of all) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      const init = { bubbles: true, cancelable: true };
      for (const type of events) {
        const event =
          type === 'paste'
            ? new ClipboardEvent(type, { ...init, clipboardData: data })
            : new DragEvent(type, { ...init, dataTransfer: data });
        (document.activeElement ?? document.body).dispatchEvent(event);
      }
    },
    [sources, types] as const,
  );
}

/** Drops something that is no file: its contents by their types. */
export async function dropContents(page: Page, contents: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((all) => {
    const data = new DataTransfer();
    for (const [type, text] of Object.entries(all)) data.setData(type, text);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    }
  }, contents);
}

/** The id of the photo in the address; null where there is none. */
export function photoInAddress(page: Page): string | null {
  return new URL(page.url()).searchParams.get('photo');
}

/** Waits until another photo, or another part of it, is in the address, and returns its id. */
export async function untilOtherPhoto(page: Page, before: string | null): Promise<string> {
  await page.waitForURL((url) => ![null, before].includes(url.searchParams.get('photo')));
  return photoInAddress(page) ?? '';
}

/** Waits until the first of the results is this product. */
export async function expectFirst(page: Page, productId: number): Promise<void> {
  const first = resultList(page).getByRole('heading').first().getByRole('link');
  await expect
    .poll(async () => ((await first.count()) === 0 ? null : first.getAttribute('href')), { timeout: 20_000 })
    .toBe(`/products/${productId}`);
}

/** The requests that send photos, from now on. */
export function recordUploads(page: Page): Request[] {
  const uploads: Request[] = [];
  page.on('request', (request) => {
    if (isUpload(request)) uploads.push(request);
  });
  return uploads;
}

/** Whether a request gives a photo to the server: a file, or an address. */
export function isUpload(request: Request): boolean {
  const isFile = (request.headers()['content-type'] ?? '').startsWith('multipart/form-data');
  return isFile || request.postData()?.includes('createQueryImage') === true;
}

/** Waits until the page has given up a request that was held back. */
export async function expectGivenUp(route: Route | undefined): Promise<void> {
  await expect.poll(() => route?.request().failure() ?? null).not.toBeNull();
}
