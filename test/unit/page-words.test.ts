import { describe, expect, it } from 'vitest';
import { shopAddress } from '../../web/src/product/shop-address.js';
import { exampleWords } from '../../web/src/search/example-words.js';
import { activeFiltersOf, filterKindsOf, toggled } from '../../web/src/search/filters/filter-words.js';
import { describeQuestion } from '../../web/src/search/question-words.js';
import { NO_FILTERS, NO_QUESTION } from '../../web/src/search/search-params.js';
import { formatPrice } from '../../web/src/ui/format-price.js';
import { likenessOf } from '../../web/src/ui/likeness.js';

describe('a price', () => {
  it.each([
    [21.9, 'EUR', '€21.90'],
    [1234.5, 'usd', 'US$1,234.50'],
    [1980, 'JPY', 'JP¥1,980'],
    [14, null, '14'],
    [21.9, null, '21.90'],
    [21.9, '', '21.90'],
    [21.9, 'euros', '21.90'],
    [21.9, 'E€R', '21.90'],
  ])('of %s in %s is %s', (price, currency, printed) => {
    expect(formatPrice(price, currency)).toBe(printed);
  });
});

describe('how alike a product is', () => {
  const match = { similarity: 0.3, matchKind: 'SIMILAR' } as const;

  it('is a percentage where pictures are compared', () => {
    expect(likenessOf({ ...match, similarity: 0.853 }, 0.9, 'pictures')).toEqual({ label: '85% alike', share: 0.853 });
    expect(likenessOf({ ...match, similarity: -0.2 }, 0.9, 'pictures')).toEqual({ label: '0% alike', share: 0 });
  });

  it('is a bar against the best of the list where words are in the question', () => {
    expect(likenessOf(match, 0.3, 'words')).toEqual({ label: 'Best match', share: 1 });
    expect(likenessOf({ ...match, similarity: 0.15 }, 0.3, 'words')).toEqual({ label: null, share: 0.5 });
    expect(likenessOf({ ...match, similarity: -0.1 }, -0.05, 'words')).toEqual({ label: null, share: 1 });
    expect(likenessOf({ ...match, similarity: 0 }, 0, 'words')).toEqual({ label: 'Best match', share: 0 });
  });

  it('is said in words where it is the same picture, or nearly', () => {
    expect(likenessOf({ similarity: 0.99, matchKind: 'SAME_IMAGE' }, 1, 'pictures').label).toBe('Same picture');
    expect(likenessOf({ similarity: 0.97, matchKind: 'NEAR_DUPLICATE' }, 1, 'pictures').label).toBe(
      'Almost the same picture',
    );
  });
});

describe('the shop’s own page of a product', () => {
  const here = 'https://search.example/products/7?stock=1';

  it.each([
    ['https://shop.example/mugs/7', 'https://shop.example/mugs/7'],
    ['/mugs/7', 'https://search.example/mugs/7'],
    ['/products/7', null],
    ['https://search.example/products/7#top', null],
    ['javascript:alert(1)', null],
    ['http://', null],
    [null, null],
  ])('%s leads to %s', (url, address) => {
    expect(shopAddress(url, here)).toBe(address);
  });
});

describe('what is looked for', () => {
  it.each([
    [{ words: 'red mug' }, '“red mug”'],
    [{ photo: 'abc' }, 'Like your photo'],
    [{ photo: 'abc', words: 'in red' }, 'Like your photo, but “in red”'],
    [{ likes: ['1'] }, 'Like this product'],
    [{ photo: 'abc', likes: ['1', '2'], words: 'in red' }, 'Like your photo and these 2 products, but “in red”'],
    [{ words: 'a'.repeat(500) }, `“${'a'.repeat(79)}…”`],
  ])('%o is "%s"', (part, words) => {
    expect(describeQuestion({ ...NO_QUESTION, ...part })).toBe(words);
  });
});

describe('examples', () => {
  it('are of categories all over the shop', () => {
    const categories = ['Backpacks', 'Bottles', 'Chairs', 'Dresses', 'Hats', 'Lamps', 'Mugs', 'Sofas'];
    expect(
      exampleWords(
        categories.map((value) => ({ value })),
        4,
      ),
    ).toEqual(['red backpacks', 'blue chairs', 'green hats', 'yellow mugs']);
    expect(exampleWords([{ value: 'Mugs' }], 4)).toEqual(['red mugs']);
  });

  it('are plain where nothing is known of the shop', () => {
    expect(exampleWords([], 4)).toHaveLength(4);
  });
});

describe('filters', () => {
  const filters = { categories: ['Mugs', 'Hats'], brands: ['Clayfold'], min: 10, max: 40, inStock: true };

  it('are named one by one, each with what takes it off', () => {
    const active = activeFiltersOf(filters, 'EUR');
    expect(active.map(({ label }) => label)).toEqual(['Mugs', 'Hats', 'Clayfold', '€10.00 to €40.00', 'In stock']);
    expect(active[0]?.off(filters)).toEqual({ ...filters, categories: ['Hats'] });
    expect(active[3]?.off(filters)).toEqual({ ...filters, min: null, max: null });
    expect(activeFiltersOf({ ...NO_FILTERS, min: 5 }, null)[0]?.label).toBe('From 5');
    expect(activeFiltersOf(NO_FILTERS, 'EUR')).toEqual([]);
  });

  it('are taken off by kind where all of them together leave nothing', () => {
    const kinds = filterKindsOf(filters, 'EUR');
    expect(kinds.map(({ label }) => label)).toEqual(['Mugs, Hats', 'Clayfold', '€10.00 to €40.00', 'In stock']);
    expect(kinds[0]?.off(filters)).toEqual({ ...filters, categories: [] });
    expect(kinds[3]?.off(filters)).toEqual({ ...filters, inStock: false });
  });

  it('are put on and taken off by the same box', () => {
    expect(toggled(['Mugs'], 'Hats')).toEqual(['Mugs', 'Hats']);
    expect(toggled(['Mugs', 'Hats'], 'Mugs')).toEqual(['Hats']);
  });
});
