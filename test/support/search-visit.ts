import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, inject } from 'vitest';

/** The list of results. */
export function resultList(page: Page): Locator {
  return page.getByRole('list', { name: 'Results' });
}

/** Titles of the products that are shown, in their order; none while there is no list. */
export async function titles(page: Page): Promise<string[]> {
  return resultList(page).getByRole('heading').allTextContents();
}

/** Waits until the heading of the results says what they are of, and the list is there. */
export async function resultsOf(page: Page, heading: string): Promise<string[]> {
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  await resultList(page).waitFor();
  return titles(page);
}

/** Waits until nothing is asked, and the page shows what could be. */
export async function startOf(page: Page): Promise<Locator> {
  const examples = page.getByRole('region', { name: 'Try' });
  await examples.getByRole('link').first().waitFor();
  return examples;
}

/** Types words, and searches. */
export async function searchFor(page: Page, words: string): Promise<string[]> {
  await page.getByLabel('What it looks like, in words').fill(words);
  await page.keyboard.press('Enter');
  return resultsOf(page, `“${words}”`);
}

/** Waits until as many products are shown. */
export async function expectShown(page: Page, count: number): Promise<void> {
  await expect.poll(async () => (await titles(page)).length, { timeout: 20_000 }).toBe(count);
}

/** What comes after the `?` of the address. */
export function addressOf(page: Page): string {
  return decodeURIComponent(new URL(page.url()).search).replaceAll('+', ' ');
}

/** Gives a picture of the demo to the server, and returns the id that it can be searched with. */
export async function giveDemoPhoto(file: string): Promise<string> {
  const base64 = (await readFile(join(inject('demoImages'), file))).toString('base64');
  const response = await fetch(new URL('graphql', inject('demoUrl')), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($input: CreateQueryImageInput!) { createQueryImage(input: $input) { queryImage { id } } }',
      variables: { input: { base64 } },
    }),
  });
  const { data } = (await response.json()) as { data: { createQueryImage: { queryImage: { id: string } } } };
  return data.createQueryImage.queryImage.id;
}
