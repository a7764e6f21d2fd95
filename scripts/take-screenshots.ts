/**
 * Takes the pictures of `docs/images` anew, of the built page with the demo: `npm run build && npm run screenshots`. Names after it,
 * such as `-- admin failures`, take those alone.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { projectRoot } from '../src/paths.js';
import { signIn } from '../test/support/admin-visit.js';
import { startBrowser, visit } from '../test/support/browser.js';
import { startDemo, type Demo } from '../test/support/demo-process.js';

interface Shot {
  /** Of its file. */
  name: string;
  options?: BrowserContextOptions;
  /** Brings the page to what is to be seen. */
  stage: (page: Page, demo: Demo) => Promise<unknown>;
}

const DESKTOP = { width: 1280, height: 860 };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};
const DARK: BrowserContextOptions = { colorScheme: 'dark' };

/** What is searched for by photograph. */
const PHOTO = 'sneakers/0018-2.jpg';

const SHOTS: readonly Shot[] = [
  { name: 'start', stage: (page) => page.goto('/') },
  { name: 'photo', stage: searchByPhoto },
  {
    name: 'region',
    stage: async (page, demo) => {
      await searchByPhoto(page, demo);
      await selectRegion(page);
    },
  },
  { name: 'words-dark', options: DARK, stage: async (page) => searchFor(page, '/?q=striped+dress') },
  { name: 'filters', stage: async (page) => searchFor(page, '/?q=red&category=Sneakers&category=Handbags&stock=1') },
  { name: 'phone', options: PHONE, stage: searchByPhoto },
  { name: 'phone-dark', options: { ...PHONE, ...DARK }, stage: async (page) => searchFor(page, '/?q=yellow+lamp') },
  { name: 'product', stage: async (page) => searchFor(page, '/products/18') },
  { name: 'admin', stage: watchBackfill },
  { name: 'failures', stage: lookAtFailures },
  {
    name: 'models-dark',
    options: DARK,
    stage: async (page, demo) => {
      await openAdmin(page, demo, '/admin/models');
    },
  },
];

/** Pictures that are taken away from the catalogue's folder, so that there is something to mend. */
const LOST = ['mugs/0017-1.jpg', 'hats/0014-1.jpg', 'sofas/0010-1.jpg'];
const BROKEN = 'lamps/0019-1.jpg';

const folder = join(projectRoot, 'docs', 'images');
await mkdir(folder, { recursive: true });
const demo = await startDemo();
const browser = await startBrowser();
try {
  const wanted = process.argv.slice(2);
  for (const shot of SHOTS) if (wanted.length === 0 || wanted.includes(shot.name)) await take(browser, shot);
} finally {
  await browser.close();
  await demo.close();
}

async function take(from: Browser, { name, options, stage }: Shot): Promise<void> {
  const visitor = await visit(from, demo.url, { viewport: DESKTOP, ...options });
  await stage(visitor.page, demo);
  await visitor.page.waitForLoadState('networkidle');
  const file = join(folder, `${name}.webp`);
  await sharp(await visitor.page.screenshot())
    .webp({ quality: 80 })
    .toFile(file);
  console.log(file);
  await visitor.close();
}

async function searchFor(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('listitem').first().waitFor();
}

async function searchByPhoto(page: Page, { images }: Demo): Promise<void> {
  await page.goto('/');
  await page.locator('input[type=file]').first().setInputFiles(join(images, PHOTO));
  await page.getByRole('list', { name: 'Results' }).getByRole('listitem').first().waitFor();
}

/** Draws a frame around the shoe's tip. */
async function selectRegion(page: Page): Promise<void> {
  const box = await page.getByAltText('Your photo').boundingBox();
  if (box === null) throw new Error('The photo is not shown.');
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.2, 0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.62, 0.62), { steps: 5 });
  await page.mouse.up();
  await page.waitForURL((url) => url.searchParams.has('photo'));
}

async function openAdmin(page: Page, { adminToken }: Demo, address: string): Promise<void> {
  await page.goto(address);
  await signIn(page, adminToken);
  await page.getByRole('navigation', { name: 'Admin' }).waitFor();
}

/** A backfill of everything in its middle, which does not find all of it. */
async function watchBackfill(page: Page, demo: Demo): Promise<void> {
  await Promise.all(LOST.map((name) => rm(join(demo.images, name))));
  await writeFile(join(demo.images, BROKEN), 'This is no picture.');
  await openAdmin(page, demo, '/admin');
  await page.getByRole('radio', { name: /^All images/ }).check();
  await page.getByRole('button', { name: 'See what it would do' }).click();
  await page.getByRole('button', { name: 'Start it' }).click();
  const moving = page.locator('[aria-valuenow]:not([aria-valuenow="0"])');
  await page.getByRole('progressbar', { name: 'Progress' }).and(moving).first().waitFor();
  // The chart is to have something to show.
  await page.waitForTimeout(2_000);
  await page.evaluate('scrollTo(0, 0)');
}

async function lookAtFailures(page: Page, demo: Demo): Promise<void> {
  await openAdmin(page, demo, '/admin');
  await page.getByText('Completed').first().waitFor();
  await page
    .getByRole('link', { name: /^All images/ })
    .first()
    .click();
  await page
    .getByRole('checkbox', { name: /^Image/ })
    .first()
    .waitFor();
  await page
    .getByRole('checkbox', { name: /^Image/ })
    .first()
    .check();
}
