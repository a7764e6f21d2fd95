import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countingEncoder } from '../support/scripted-encoders.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
let counting: ReturnType<typeof countingEncoder>;

/** Image 1 is embedded, 2 and 3 have changed since, 4 and 5 could not be embedded, 6 and 7 are new; 5 could be by now. */
beforeEach(async () => {
  counting = countingEncoder();
  shop = await startTestShop({ products: 5, overrides: { encoder: counting.encoder } });
  for (const number of [4, 5]) await rm(join(shop.imageRoot, `${number}.jpg`));
  await shop.backfill();
  for (const number of [2, 3])
    await writeFile(join(shop.imageRoot, `${number}.jpg`), await testPhotograph(number + 20));
  await shop.changeCatalogue(`update product_images set updated_at = now() where id in (2, 3)`);
  for (const number of [5, 6, 7]) await writeFile(join(shop.imageRoot, `${number}.jpg`), await testPhotograph(number));
  await shop.changeCatalogue(
    `insert into product_images (id, product_id, image_url, is_main_image)
     values (6, 1, '6.jpg', true), (7, 2, '7.jpg', true)`,
  );
});

afterEach(() => shop.close());

/** Runs a backfill; how often the model was asked, and which images the run embedded and could not embed. */
async function run(scope: string) {
  const before = counting.count();
  const { id, counts } = await shop.backfill({ scope });
  const embedded = await shop.vectors.query<{ id: string }>(
    'select image_id as id from image_embeddings where backfill_id = $1::uuid order by image_id',
    [id],
  );
  const failed = await shop.vectors.query<{ id: string }>(
    'select image_id as id from embedding_backfill_failures where backfill_id = $1::uuid order by image_id',
    [id],
  );
  const ids = (rows: { id: string }[]) => rows.map((row) => row.id).join(' ');
  return { counts, inferences: counting.count() - before, embedded: ids(embedded), failed: ids(failed) };
}

describe('a backfill', () => {
  it('of what is missing embeds new and changed images, and leaves those that failed for good', async () => {
    expect(await run('MISSING')).toEqual({
      counts: { total: 7, processed: 7, embedded: 4, skipped: 3, failed: 0 },
      inferences: 4,
      embedded: '2 3 6 7',
      failed: '',
    });
  });

  it('of what is stale embeds changed images', async () => {
    expect(await run('STALE')).toEqual({
      counts: { total: 7, processed: 7, embedded: 2, skipped: 5, failed: 0 },
      inferences: 2,
      embedded: '2 3',
      failed: '',
    });
  });

  it('of what has failed tries those images alone', async () => {
    expect(await run('FAILED')).toEqual({
      counts: { total: 2, processed: 2, embedded: 1, skipped: 0, failed: 1 },
      inferences: 1,
      embedded: '5',
      failed: '4',
    });
  });

  it('of all embeds every image again, also where its photograph is the same', async () => {
    expect(await run('ALL')).toEqual({
      counts: { total: 7, processed: 7, embedded: 6, skipped: 0, failed: 1 },
      inferences: 6,
      embedded: '1 2 3 5 6 7',
      failed: '4',
    });
  });

  it('of one scope leaves the rest for another', async () => {
    for (const scope of ['FAILED', 'STALE', 'MISSING']) await run(scope);
    expect(await run('MISSING')).toMatchObject({ inferences: 0, counts: { embedded: 0, skipped: 7, failed: 0 } });
    expect(await run('FAILED')).toMatchObject({ inferences: 0, counts: { total: 1, failed: 1 } });
  });
});
