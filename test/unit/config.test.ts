import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configVariables, loadConfig } from '../../src/config.js';
import { ConfigError } from '../../src/errors.js';
import { projectRoot } from '../../src/paths.js';

function faultsOf(env: Record<string, string>): Record<string, string> {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError)
      return Object.fromEntries(error.faults.map((fault) => [fault.variable, fault.message]));
    throw error;
  }
  return {};
}

describe('loadConfig', () => {
  it('runs the demo where nothing is set', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      catalogDatabaseUrl: null,
      vectorDatabaseUrl: null,
      server: { port: 4000 },
      catalog: { products: 'demo.products', images: 'demo.product_images' },
      clip: { model: 'tiny-clip' },
      backfill: { batchSize: 100, images: 'main' },
    });
    expect(isAbsolute(config.dataDir)).toBe(true);
    expect(config.images.root).toBe(join(config.dataDir, 'demo'));
  });

  it('runs a shop where its database is set', () => {
    const config = loadConfig({ DATABASE_URL: 'postgres://a/shop' });
    expect(config).toMatchObject({
      catalogDatabaseUrl: 'postgres://a/shop',
      vectorDatabaseUrl: null,
      catalog: { products: 'products', images: 'product_images' },
      clip: { model: 'clip-ViT-B-32' },
      images: { root: null, baseUrl: null },
    });
  });

  it.each([
    [{}, true],
    [{ GRAPHIQL: 'false' }, false],
    [{ DATABASE_URL: 'postgres://a/shop' }, false],
    [{ DATABASE_URL_PRIVATE: 'postgres://a/shop' }, false],
    [{ DATABASE_URL: 'postgres://a/shop', GRAPHIQL: 'true' }, true],
  ])('has GraphiQL in the demo, and for a shop that asks for it: %o', (env, isOn) => {
    expect(loadConfig(env).server.graphiql).toBe(isOn);
  });

  it('prefers the private address of the catalogue', () => {
    const config = loadConfig({
      DATABASE_URL: 'postgres://public/shop',
      DATABASE_URL_PRIVATE: 'postgres://private/shop',
    });
    expect(config.catalogDatabaseUrl).toBe('postgres://private/shop');
  });

  it('takes a variable that is empty for one that is not set', () => {
    expect(loadConfig({ DATABASE_URL: '', PORT: ' ' })).toMatchObject({
      catalogDatabaseUrl: null,
      server: { port: 4000 },
    });
  });

  it('reads lists, column names and addresses', () => {
    const config = loadConfig({
      DATABASE_URL: 'postgres://a/shop',
      CATALOG_COLUMNS: 'title=product_name,price=list price',
      IMAGE_ALLOWED_PRIVATE_HOSTS: 'a.internal, b.internal:8080',
      IMAGE_BASE_URL: 'https://cdn.example/p',
    });
    expect(config.catalog.columns).toEqual({ title: 'product_name', price: 'list price' });
    expect(config.images.allowedPrivateHosts).toEqual(['a.internal', 'b.internal:8080']);
    expect(config.images.baseUrl).toBe('https://cdn.example/p/');
  });

  it('reports every fault at once, each with its variable', () => {
    expect(
      faultsOf({
        PORT: '70000',
        BATCH_SIZE: 'many',
        MIGRATE_ON_START: 'yes',
        GRAPHIQL: 'on',
        VECTOR_INDEX: 'flat',
        CATALOG_COLUMNS: 'title',
        IMAGE_BASE_URL: 'ftp://cdn.example',
        IMAGE_ROOT: '/images',
        VECTOR_DATABASE_URL: 'postgres://v/vectors',
      }),
    ).toEqual({
      PORT: '"70000" is not accepted: it must be a whole number from 0 to 65535.',
      BATCH_SIZE: '"many" is not accepted: it must be a whole number from 1 to 1000.',
      MIGRATE_ON_START: '"yes" is not accepted: it must be true or false.',
      GRAPHIQL: '"on" is not accepted: it must be true or false.',
      VECTOR_INDEX: '"flat" is not accepted: it must be one of hnsw, ivfflat, none.',
      CATALOG_COLUMNS: '"title" is not accepted: it must look like title=product_name,price=list_price.',
      IMAGE_BASE_URL: '"…" is not accepted: it must be an address that begins with http:// or https://.',
      IMAGE_ROOT: 'It is set together with IMAGE_BASE_URL: relative image URLs can be under only one of them.',
      DATABASE_URL: 'It is not set, though VECTOR_DATABASE_URL is: set it to the catalogue database to embed.',
    });
  });

  it('refuses settings of a catalogue where there is only the demo', () => {
    expect(faultsOf({ IMAGE_ROOT: '/srv/shop/images', CATALOG_PRODUCTS: 'goods' })).toEqual({
      IMAGE_ROOT:
        'It is set without DATABASE_URL: the demo has its own. Set DATABASE_URL to the catalogue it belongs to.',
      CATALOG_PRODUCTS:
        'It is set without DATABASE_URL: the demo has its own. Set DATABASE_URL to the catalogue it belongs to.',
    });
  });

  it.each([
    ['ALLOWED_ORIGINS', 'https://shop.example/'],
    ['ALLOWED_ORIGINS', 'shop.example'],
    ['IMAGE_ALLOWED_PRIVATE_HOSTS', 'http://images.internal'],
    ['IMAGE_ALLOWED_PRIVATE_HOSTS', 'a,,b'],
  ])('refuses what never would match: %s=%s', (variable, value) => {
    expect(Object.keys(faultsOf({ [variable]: value }))).toEqual([variable]);
  });

  it('never repeats a secret, not even a mistyped one', () => {
    const faults = faultsOf({ DATABASE_URL: 'mysql://me:hunter2@db/shop', ADMIN_TOKEN: 'hunter2' });
    expect(Object.keys(faults)).toEqual(['DATABASE_URL', 'ADMIN_TOKEN']);
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });
});

describe('.env.example', () => {
  it('has every variable, each once', async () => {
    const text = await readFile(join(projectRoot, '.env.example'), 'utf8');
    const named = [...text.matchAll(/^#([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual([...configVariables].sort());
  });

  it('shows the defaults that apply', async () => {
    const text = await readFile(join(projectRoot, '.env.example'), 'utf8');
    const defaults = loadConfig({});
    const shown = [
      ...text.matchAll(
        /^#((?:IMAGE_MAX|IMAGE_TIMEOUT|BATCH|DOWNLOAD|HNSW|CLIP_MAX|DATABASE_POOL|PORT)[A-Z_]*)=(.+)$/gm,
      ),
    ];
    expect(shown).toHaveLength(11);
    for (const [, name, value] of shown) expect(loadConfig({ [name ?? '']: value })).toEqual(defaults);
  });
});
