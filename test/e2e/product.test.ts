import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser, visit } from '../support/browser.js';
import { addressOf, resultList, resultsOf, startOf } from '../support/search-visit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe('the page of a product', () => {
  it('shows all that the shop says of it, its pictures, and what looks like it', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/products/3');
    const title = 'Pinstriped black paper table lamp';
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    expect(await page.title()).toBe(`${title} · Lookalike`);
    for (const text of ['Abendlicht · Lamps', '€113.00', 'In stock']) {
      await page.getByText(text, { exact: true }).waitFor();
    }
    await page.getByText('A warm light for the evening').waitFor();
    // Where the shop's own page is this one, there is no other to lead to.
    expect(await page.getByRole('link', { name: 'See it in the shop' }).count()).toBe(0);

    const large = page.getByRole('img', { name: title });
    expect(await large.getAttribute('src')).toMatch(/0003-1\.jpg$/);
    const second = page.getByRole('button', { name: 'Picture 2 of 2' });
    await second.click();
    expect(await large.getAttribute('src')).toMatch(/0003-2\.jpg$/);
    expect(await second.getAttribute('aria-pressed')).toBe('true');

    const alike = page.getByRole('list', { name: 'Looks like it' });
    await alike.waitFor();
    expect(await alike.getByRole('heading').count()).toBe(12);
    expect(await alike.getByRole('heading', { name: title }).count()).toBe(0);
    expect(await alike.getByRole('listitem').first().textContent()).toMatch(/\d+% alike.*Lamps/);
    await expectAccessible(page);
    expectClean(visitor);
    await visitor.close();
  });

  it('shows more that looks like it on the way down, or only what is in stock', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/products/5');
    const alike = page.getByRole('list', { name: 'Looks like it' });
    await alike.waitFor();
    expect(await alike.getByText('Out of stock').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded();
    await expect.poll(() => alike.getByRole('heading').count()).toBeGreaterThan(12);
    await page.getByRole('checkbox', { name: 'Only in stock' }).click();
    await page.waitForURL('**/products/5?stock=1');
    await expect.poll(() => alike.getByText('Out of stock').count()).toBe(0);
    await alike.waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('leads on to the next product, and back to the results', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/?q=red+mug');
    const [first = ''] = await resultsOf(page, '“red mug”');
    await resultList(page).getByRole('link', { name: first, exact: true }).click();
    await page.getByRole('heading', { name: first, level: 1 }).waitFor();
    const next = page.getByRole('list', { name: 'Looks like it' }).getByRole('heading').first();
    const second = (await next.textContent()) ?? '';
    await next.getByRole('link').click();
    await page.getByRole('heading', { name: second, level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: first, level: 1 }).waitFor();
    await page.goBack();
    await resultsOf(page, '“red mug”');
    expectClean(visitor);
    await visitor.close();
  });

  it('shows at once what the list had of it, though the rest does not come', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page, context } = visitor;
    await page.goto('/?q=red+mug');
    const [first = ''] = await resultsOf(page, '“red mug”');
    await context.setOffline(true);
    await resultList(page).getByRole('link', { name: first, exact: true }).click();
    await page.getByRole('heading', { name: first, level: 1 }).waitFor();
    await page.getByText(/^€[\d.]+$/).waitFor();
    // The rest of the product is missing, and so is what looks like it.
    const alerts = page.getByRole('alert').filter({ hasText: 'The connection is lost' });
    await alerts.nth(1).waitFor();
    await context.setOffline(false);
    await alerts.nth(1).getByRole('button', { name: 'Try again' }).click();
    await alerts.nth(1).waitFor({ state: 'detached' });
    await alerts.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('goes in the dishwasher').waitFor();
    await page.getByRole('list', { name: 'Looks like it' }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('is searched with, and words on top', async () => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto('/products/1');
    await page.getByLabel('Like this, but…').fill('blue');
    await page.keyboard.press('Enter');
    const found = await resultsOf(page, 'Like this product, but “blue”');
    expect(found[0]).toMatch(/blue .*mug$/);
    expect(addressOf(page)).toBe('?q=blue&like=1');
    expectClean(visitor);
    await visitor.close();
  });

  it.each(['99999', 'nope', '1%2F2'])('says that there is no product %s', async (id) => {
    const visitor = await visit(browser, inject('demoUrl'));
    const { page } = visitor;
    await page.goto(`/products/${id}`);
    await page.getByRole('heading', { name: 'The shop has no such product' }).waitFor();
    await page.getByRole('link', { name: 'Look for something like it' }).click();
    await startOf(page);
    expectClean(visitor);
    await visitor.close();
  });
});
