import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/services/catalog/catalog.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

function ids(images: readonly { id: string }[] | undefined): string[] {
  return (images ?? []).map(({ id }) => id);
}

const uuid = (last: string) => `5f0c8d5e-0000-4000-8000-${last.padStart(12, '0')}`;

/** `known` in key order; `strange` can't be keys of the type, or are not in the table. */
const keyTypes = [
  { keyType: 'smallint', known: ['-7', '0', '32767'], strange: ['32768', '1.5', '', ' 1', 'abc', '1e2'] },
  {
    keyType: 'integer',
    known: ['1', '9', '10'],
    strange: ['2147483648', '-2147483649', '9'.repeat(5000), '0x1', '\0'],
  },
  {
    keyType: 'bigint',
    known: ['9007199254740992', '9007199254740993', '9223372036854775807'],
    strange: ['9223372036854775808', 'NaN', '9007199254740992.0', '{1}'],
  },
  { keyType: 'numeric', known: ['2', '10', '123456789012345678901234567890'], strange: ['abc', '1e5', 'NaN', '3'] },
  {
    keyType: 'uuid',
    known: [uuid('1'), uuid('2'), uuid('a')],
    strange: [uuid('3'), `{${uuid('1')}}`, '1', uuid('1').replaceAll('-', ''), `${uuid('1')}\0`],
  },
  {
    keyType: 'text',
    known: ['', 'O\'Neill, "x" {a,b}\\', 'ä/b?c=1&d=%20'],
    strange: ['a\0b', '\ud800', 'o\'neill, "x" {a,b}\\', 'NULL'],
  },
  { keyType: 'varchar(40)', known: ['A-1', 'B-1', 'C_1'], strange: ['a-1', 'A-1 ', 'x'.repeat(50)] },
  { keyType: 'char(5)', known: ['AB', 'AC', 'B'], strange: ['A', 'too long'] },
];

describe.each(keyTypes)('a catalogue with keys of type $keyType', ({ keyType, known, strange }) => {
  let catalog: Catalog;
  const images = known.map((id, index) => ({
    id,
    productId: known[2 - index] ?? '',
    url: `/${index}.jpg`,
    isMain: true,
  }));

  beforeAll(async () => {
    catalog = await shops.make({ keyType, products: known.map((id) => ({ id, title: `no. ${id}` })), images });
  });

  test('finds products by their ids and leaves out what no key can be', async () => {
    const found = await catalog.findProducts([...strange, ...known, ...known]);

    expect([...found.keys()]).toEqual(known);
    for (const id of known) expect(found.get(id)).toMatchObject({ id, title: `no. ${id}`.trim() });
  });

  test('finds images by their ids and by their products', async () => {
    const found = await catalog.findImages([...strange, ...known]);
    const ofProducts = await catalog.imagesOfProducts([...strange, ...known]);

    expect([...found.values()].map(({ url }) => url)).toEqual(['/0.jpg', '/1.jpg', '/2.jpg']);
    expect([...ofProducts.keys()]).toEqual(known);
    expect(known.map((id) => ids(ofProducts.get(id))[0])).toEqual([...known].reverse());
  });

  test('pages through the images in key order', async () => {
    const first = await catalog.imagePage({ scope: 'main', after: null, until: null, limit: 1 });
    const rest = await catalog.imagePage({
      scope: 'main',
      after: ids(first)[0] ?? null,
      until: known[1] ?? null,
      limit: 9,
    });

    expect([...ids(first), ...ids(rest)]).toEqual([known[0], known[1]]);
    expect(await catalog.chunkEnds('main', 2)).toEqual([known[1], known[2]]);
    expect(await catalog.imagesInScope([...strange, ...known], 'main')).toEqual(new Set(known));
  });
});

describe('ids that are written in another way', () => {
  test('finds a UUID in capitals under the id asked for', async () => {
    const catalog = await shops.make({ keyType: 'uuid', products: [{ id: uuid('abc') }] });

    const found = await catalog.findProducts([uuid('ABC').toUpperCase()]);

    expect(found.get(uuid('ABC').toUpperCase())?.id).toBe(uuid('abc'));
  });

  test('finds a number with leading zeros', async () => {
    const catalog = await shops.make({ products: [{ id: '7' }] });

    expect((await catalog.findProducts(['007'])).get('007')?.id).toBe('7');
  });
});

describe('ids that can not be keys', () => {
  const messageOf = (catalog: Catalog, id: string): string => {
    try {
      catalog.checkProductId(id, 'id');
      return 'accepted';
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  };

  test.each([
    [
      'integer',
      'abc',
      'must be a whole number: the key of this catalogue\'s products is integer, and "abc" is not one.',
    ],
    [
      'integer',
      '2147483648',
      "must be a whole number from -2147483648 to 2147483647: the key of this catalogue's products is integer, " +
        'and "2147483648" is not one.',
    ],
    ['uuid', '12', 'must be a UUID: the key of this catalogue\'s products is uuid, and "12" is not one.'],
    [
      'text',
      'a\0b',
      "must be well-formed text without NUL characters: the key of this catalogue's products is text, " +
        'and "a\\u0000b" is not one.',
    ],
    [
      'numeric',
      'x'.repeat(100),
      "must be a number of at most 100 digits: the key of this catalogue's products is numeric, " +
        `and "${'x'.repeat(60)}…" is not one.`,
    ],
  ])('are turned away where the key is %s', async (keyType, id, message) => {
    const catalog = await shops.make({ keyType });

    expect(messageOf(catalog, id)).toBe(`BadUserInputError: \`id\` ${message}`);
  });

  test.each([
    ['integer', '42'],
    ['uuid', uuid('1')],
    ['text', 'Sku/1 é'],
  ])('but not those that can, known or not, where the key is %s', async (keyType, id) => {
    expect(messageOf(await shops.make({ keyType }), id)).toBe('accepted');
  });

  test('are a conflict as bounds of a page', async () => {
    const catalog = await shops.make({});
    const page = catalog.imagePage({ scope: 'all', after: 'abc', until: null, limit: 1 });

    await expect(page).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'The image key "abc" can\'t be one of this catalogue, whose images have keys of type integer: ' +
        'the catalogue was changed. Start a new backfill.',
    });
  });
});
