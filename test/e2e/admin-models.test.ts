import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visitAsAdmin } from '../support/admin-visit.js';
import { expectAccessible, expectClean, startBrowser, type Visitor } from '../support/browser.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { likeProduct, rowsOf, untilAnswersWith } from '../support/model-operations.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const COARSE = 'coarse';

let browser: Browser;
let shop: TestShop;
let visitor: Visitor;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  shop = await startTestShop({ products: 30, overrides: { encoders: [makeDeterministicEncoder({ name: COARSE })] } });
  await shop.backfill();
});

afterEach(async () => {
  await visitor.close();
  await shop.close();
});

async function open(path: string): Promise<Page> {
  visitor = await visitAsAdmin(browser, path, { url: shop.app.url, token: ADMIN_TOKEN });
  return visitor.page;
}

const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('the models', () => {
  it('are filled beside one another, compared, switched, and dropped', async () => {
    const page = await open('/admin/models');
    await page.getByRole('heading', { name: 'There is only one model' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'start a backfill' }).click();
    await page.getByLabel('Model').selectOption('Another of the Hugging Face hub…');
    await page.getByLabel('Its id on the hub').fill(COARSE);
    await page.getByRole('button', { name: 'See what it would do' }).click();
    await page.getByText('It would embed 30 of 30 images').waitFor();
    await page.getByRole('button', { name: 'Start it' }).click();
    const run = card(page, `Missing images with ${COARSE}`);
    await run.getByText('Completed', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Models' }).click();
    await card(page, COARSE).getByText('Standing by').waitFor();
    await page.getByLabel('Products to compare by').fill('3 5');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('of what they show is the same, in the mean').waitFor();
    await expectComparison(page, '3');
    await expectAccessible(page);

    await card(page, COARSE).getByRole('button', { name: 'Activate…' }).click();
    const question = page.getByRole('dialog', { name: `Let ${COARSE} answer searches?` });
    await expectAccessible(page);
    await question.getByRole('button', { name: 'Not now' }).click();
    expect((await likeProduct(shop, '1')).model).toBe('deterministic');
    await card(page, COARSE).getByRole('button', { name: 'Activate…' }).click();
    await question.getByRole('button', { name: 'Activate', exact: true }).click();
    await page
      .getByRole('status')
      .filter({ hasText: `${COARSE} answers searches now.` })
      .waitFor();
    await card(page, COARSE).getByText('Answers searches').waitFor();
    await untilAnswersWith(shop, COARSE);

    await page.getByRole('button', { name: 'Roll back to deterministic' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Activate', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'deterministic answers searches now.' }).waitFor();
    await untilAnswersWith(shop, 'deterministic');

    await card(page, COARSE).getByRole('button', { name: 'Remove…' }).click();
    const removal = page.getByRole('dialog', { name: `Remove ${COARSE}?` });
    await removal.getByLabel(`Type ${COARSE} to remove it`).fill('coars');
    expect(await removal.getByRole('button', { name: 'Remove it' }).isDisabled()).toBe(true);
    await removal.getByLabel(`Type ${COARSE} to remove it`).fill(COARSE);
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .filter({ hasText: `${COARSE} is removed.` })
      .waitFor();
    // Those of the comparison go with it.
    await card(page, COARSE).first().waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'There is only one model' }).waitFor();
    const heading = page.getByRole('heading', { name: 'Models' });
    await until('the heading has the focus', () => heading.evaluate((element) => element === document.activeElement));
    expect(await rowsOf(shop, COARSE)).toMatchObject({ models: 0, embeddings: 0 });
    expectClean(visitor);
  });

  it('are not switched to one that has embedded little, unless that is wanted all the same', async () => {
    await shop.backfill({ model: COARSE, productIds: ['1', '2', '3'] });
    const page = await open('/admin/models');
    await page.getByLabel('Products to compare by').fill('1 9');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('It has not embedded this product.').waitFor();
    await card(page, COARSE).getByRole('button', { name: 'Activate…' }).click();
    const question = page.getByRole('dialog');
    await question.getByRole('button', { name: 'Activate', exact: true }).click();
    await question.getByRole('alert').filter({ hasText: 'It has embedded only 3 of 30 images, 10%.' }).waitFor();
    expect((await likeProduct(shop, '1')).model).toBe('deterministic');
    await question.getByRole('button', { name: 'Activate all the same' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: `${COARSE} answers searches now.` })
      .waitFor();
    await untilAnswersWith(shop, COARSE);
    await card(page, COARSE).getByRole('button', { name: 'Embed what is missing' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: `${COARSE} is being filled.` })
      .waitFor();
    await card(page, COARSE).getByRole('definition').first().filter({ hasText: '30' }).waitFor();
    expectClean(visitor);
  });

  it('are compared only by products that there are, and not with themselves', async () => {
    await shop.backfill({ model: COARSE });
    const page = await open('/admin/models');
    await page.getByLabel('Products to compare by').fill('1 77');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('alert').filter({ hasText: 'The shop has no product "77".' }).waitFor();
    await page.getByLabel('Candidate').selectOption('deterministic (answers searches)');
    await page.getByText('Choose two different models.').waitFor();
    expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true);
    expectClean(visitor);
  });
});

/** Expects the two answers about a product as the API gives them, and marks on what only one of them has. */
async function expectComparison(page: Page, id: string): Promise<void> {
  const article = page.getByRole('article', { name: `Product ${id}`, exact: true });
  const [baseline, candidate] = await Promise.all(
    ['deterministic', COARSE].map(async (model) => {
      const items = article.getByRole('group', { name: model }).getByRole('listitem');
      return (await items.allInnerTexts()).map((text) => text.split('\n').filter((line) => line !== ''));
    }),
  );
  const titlesOf = (items: string[][] | undefined) => (items ?? []).map(([title]) => title ?? '');
  const [shown, other] = [titlesOf(baseline), titlesOf(candidate)];
  expect(shown).toHaveLength(8);
  const answer = await likeProduct(shop, id);
  expect(shown.slice(0, 5)).toEqual(answer.edges.map(({ node }) => `Product ${node.id}`));
  expect(Number(baseline?.[0]?.[1])).toBeCloseTo(answer.edges[0]?.similarity ?? NaN, 2);
  const marked = (baseline ?? []).filter((lines) => lines.includes('Only here')).map(([title]) => title);
  expect(marked).toEqual(shown.filter((title) => !other.includes(title)));
  const share = shown.filter((title) => other.includes(title)).length / 8;
  await article.getByText(`${Math.round(share * 100)}% the same`).waitFor();
}
