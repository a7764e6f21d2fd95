import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogConfig } from '../../src/config.js';
import type { Queryable } from '../../src/db/database.js';
import { READ_ONLY_SESSION } from '../../src/services/catalog/catalog.js';
import { createCatalog } from '../support/catalog-fixture.js';
import { startEmptyTestDatabase } from '../support/database.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

describe('rights', () => {
  const rolledBack = new Error('rolled back');

  /** Runs `work` as a user who has been given `grants`; nothing of it stays. */
  async function asShopper(grants: readonly string[], work: (database: Queryable) => Promise<void>): Promise<void> {
    const attempt = shops.database.transaction(async (tx) => {
      await tx.query('create role shopper');
      for (const grant of grants) await tx.query(`grant ${grant} to shopper`);
      await tx.query('set local role shopper');
      await work(tx);
      throw rolledBack;
    });
    await expect(attempt).rejects.toBe(rolledBack);
  }

  async function messageOf(config: CatalogConfig, database: Queryable): Promise<string> {
    return shops.load(config, database).then(
      () => 'no error',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  test('to select are asked for by name of the table', async () => {
    const config = await shops.makeTables({});
    const [schema = ''] = config.products.split('.');
    const grants = [`usage on schema ${schema}`, `select on ${config.products}`];

    await asShopper(grants, async (database) => {
      expect(await messageOf(config, database)).toBe(
        'The catalogue is not usable.\n' +
          `  The database user may not read \`${config.images}\`. Grant it the right to select from it.`,
      );
    });
  });

  test('to use the schema are asked for', async () => {
    const config = await shops.makeTables({});

    await asShopper([], async (database) => {
      expect(await messageOf(config, database)).toBe(
        'The catalogue is not usable.\n' +
          `  The database user may not read all of \`${config.products}\` and \`${config.images}\`. ` +
          'Grant it the right to use their schema and to select from them.',
      );
    });
  });

  test('to select single columns are enough, and a required one without it is named', async () => {
    const config = await shops.makeTables({ products: [{ id: '1', title: 'Mug', price: 3 }] });
    const [schema = ''] = config.products.split('.');
    const grants = [`usage on schema ${schema}`, `select (id, title) on ${config.products}`];

    await asShopper([...grants, `select on ${config.images}`], async (database) => {
      const found = await (await shops.load(config, database)).findProducts(['1']);
      expect(found.get('1')).toMatchObject({ title: 'Mug', price: null });
    });
    await asShopper([...grants, `select (id) on ${config.images}`], async (database) => {
      expect(await messageOf(config, database)).toContain(
        `\`${config.images}\` has no image_url column. Looked for: image_url, url. Found: id. ` +
          'Not readable for the database user: product_id, image_url, is_main_image, position, updated_at.',
      );
    });
  });
});

test('a table that goes away later is said to be gone', async () => {
  const config = await shops.makeTables({});
  const catalog = await shops.load(config);
  await shops.database.query(`drop table ${config.products}`);

  await expect(catalog.findProducts(['1'])).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message:
      'The catalogue no longer has a table or column that it had when Lookalike started. ' +
      'Restart Lookalike to read its tables anew.',
  });
});

test('a read-only session reads the catalogue and can not change it', async () => {
  const readOnly = await startEmptyTestDatabase({ maxConnections: 1 });
  const config = await createCatalog(readOnly.database, { keyType: 'integer', products: [{ id: '1' }], images: [] });
  await readOnly.database.query(READ_ONLY_SESSION);
  const catalog = await shops.load(config, readOnly.database);

  expect((await catalog.findProducts(['1'])).size).toBe(1);
  await expect(readOnly.database.query(`delete from ${config.products}`)).rejects.toMatchObject({
    cause: { code: '25006' },
  });
  await readOnly.close();
});
