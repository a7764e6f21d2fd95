import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit, type Visitor } from '../support/browser.js';
import { searchFor, titles } from '../support/search-visit.js';
import {
  demoPhoto,
  drop,
  expectFirst,
  photoInAddress,
  photoPanel,
  pick,
  recordUploads,
  type GivenFile,
} from './photo-visit.js';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'lookalike-photos-'));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const MEGABYTE = 1024 * 1024;
const jpeg = (buffer: Buffer): GivenFile => ({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer });

/** The sentences that say what is wrong. */
async function expectFault(page: Page, sentences: string): Promise<void> {
  await photoPanel(page).getByRole('alert').getByText(sentences, { exact: true }).waitFor();
}

/** Opens the page, and searches by words: what is there before a photo fails has to stay. */
async function visitWithWords(): Promise<Visitor & { expectSameSearch: () => Promise<void> }> {
  const visitor = await visit(browser, inject('demoUrl'));
  const { page } = visitor;
  await page.goto('/');
  const found = await searchFor(page, 'red mug');
  return {
    ...visitor,
    expectSameSearch: async () => {
      expect(await titles(page)).toEqual(found);
      expect(photoInAddress(page)).toBeNull();
    },
  };
}

/** A good photo works afterwards, and what was said is gone. */
async function expectGoodPhotoWorks(page: Page): Promise<void> {
  await pick(page, await demoPhoto('mugs/0001-1.jpg'));
  await expectFirst(page, 1);
  expect(await photoPanel(page).getByRole('alert').count()).toBe(0);
}

describe('a file that is no photo', () => {
  const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic....metaphotograph', 'latin1');

  it.each([
    [
      'text under the name of a photo',
      Buffer.from('Dear all, the photo is attached.'),
      'This file isn’t a photo, whatever its name says. Choose a JPEG, PNG, WebP, AVIF or GIF.',
    ],
    ['nothing at all', Buffer.alloc(0), 'This file is empty. Choose another one.'],
    [
      'what this browser can’t open',
      HEIC,
      'This is a HEIC photo, which this browser can’t open. Choose a JPEG or PNG copy of it. ' +
        'An iPhone takes JPEGs with Settings > Camera > Formats > Most Compatible.',
    ],
  ])('is not sent: %s', async (_what, buffer, sentences) => {
    const visitor = await visitWithWords();
    const { page } = visitor;
    const uploads = recordUploads(page);
    await pick(page, jpeg(buffer));
    await expectFault(page, sentences);
    await visitor.expectSameSearch();
    expect(uploads).toEqual([]);
    await expectAccessible(page);
    await expectGoodPhotoWorks(page);
    expectClean(visitor);
    await visitor.close();
  });

  it('is not sent: fifty megabytes that nobody can open', async () => {
    const visitor = await visitWithWords();
    const { page } = visitor;
    const uploads = recordUploads(page);
    const file = join(folder, 'holiday.jpg');
    await writeFile(file, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    await truncate(file, 49.5 * MEGABYTE);
    await photoPanel(page).getByLabel('Choose a photo').setInputFiles(file);
    await expectFault(page, 'This file has 50 MB, and at most 20 MB can be sent. Choose a smaller copy of the photo.');
    await visitor.expectSameSearch();
    expect(uploads).toEqual([]);
    await expectGoodPhotoWorks(page);
    expectClean(visitor);
    await visitor.close();
  });

  it('is refused by the server in words for shoppers where only the server can tell', async () => {
    const visitor = await visitWithWords();
    const { page } = visitor;
    await pick(page, jpeg(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0])));
    await expectFault(
      page,
      'This photo can’t be read. It may be damaged: choose another copy of it, or another photo.',
    );
    await visitor.expectSameSearch();
    await expectGoodPhotoWorks(page);
    expectClean(visitor);
    await visitor.close();
  });
});

/** What the server says of the photo that it was sent. */
async function sizeOf(upload: Request | undefined): Promise<object> {
  const answer = (await (await upload?.response())?.json()) as { data: { createQueryImage: { queryImage: object } } };
  return answer.data.createQueryImage.queryImage;
}

describe('a large photo', () => {
  it('is made smaller before it is sent, and still found', async () => {
    const visitor = await visitWithWords();
    const { page } = visitor;
    const { buffer } = await demoPhoto('mugs/0001-1.jpg');
    const large = await sharp(buffer).resize(4000, 4000).png({ compressionLevel: 1 }).toBuffer();
    expect(large.length).toBeGreaterThan(4 * MEGABYTE);
    const uploads = recordUploads(page);
    await pick(page, jpeg(large));
    await expectFirst(page, 1);
    const [upload] = uploads;
    expect(await sizeOf(upload)).toMatchObject({ width: 1600, height: 1600 });
    expect((await upload?.sizes())?.requestBodySize).toBeLessThan(0.6 * MEGABYTE);
    expectClean(visitor);
    await visitor.close();
  });

  it('is made smaller by a browser that knows an older way only', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.addInitScript('globalThis.createImageBitmap = () => Promise.reject(new TypeError("Unknown option"))');
    await page.goto('/');
    const { buffer } = await demoPhoto('mugs/0001-1.jpg');
    const uploads = recordUploads(page);
    await pick(page, jpeg(await sharp(buffer).resize(2000, 2000).jpeg().toBuffer()));
    await expectFirst(page, 1);
    expect(await sizeOf(uploads[0])).toMatchObject({ width: 1600, height: 1600 });
    expectClean(visitor);
    await visitor.close();
  });

  it('is upright, and so is the part that is selected of it', async () => {
    const visitor = await visitWithWords();
    const { page } = visitor;
    const sideways = await sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#c0392b' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const uploads = recordUploads(page);
    await pick(page, jpeg(sideways));
    await expect.poll(() => uploads.length).toBe(1);
    const answer = (await (await uploads[0]?.response())?.json()) as {
      data: { createQueryImage: { queryImage: object } };
    };
    expect(answer.data.createQueryImage.queryImage).toMatchObject({ width: 800, height: 1600 });
    expectClean(visitor);
    await visitor.close();
  });
});

describe('several photos at once', () => {
  it('are not searched with, and what was searched with stays', async () => {
    const visitor = await visitWithWords();
    const { page } = visitor;
    const uploads = recordUploads(page);
    await drop(
      page,
      await demoPhoto('mugs/0001-1.jpg'),
      await demoPhoto('mugs/0017-1.jpg'),
      await demoPhoto('chairs/0005-1.jpg'),
    );
    await expectFault(page, 'One photo at a time, please: these are 3.');
    await visitor.expectSameSearch();
    expect(uploads).toEqual([]);
    await photoPanel(page).getByRole('button', { name: 'Close' }).click();
    expect(await photoPanel(page).getByRole('alert').count()).toBe(0);
    await expectGoodPhotoWorks(page);
    expectClean(visitor);
    await visitor.close();
  });
});
