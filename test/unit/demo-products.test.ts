import { describe, expect, it } from 'vitest';
import { DEMO_KINDS } from '../../demo/demo-kinds.js';
import { makeDemoProducts } from '../../demo/demo-products.js';

const products = makeDemoProducts();
const images = products.flatMap((product) => product.images);

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe('the products of the demo', () => {
  it('number at least 360, by ids that count from 1', () => {
    expect(products.length).toBeGreaterThanOrEqual(360);
    expect(products.map(({ id }) => id)).toEqual(products.map((_, index) => index + 1));
  });

  it('are of at least 12 kinds, with at least 20 of each', () => {
    const counts = countBy(products.map(({ category }) => category));
    expect(counts.size).toBeGreaterThanOrEqual(12);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(20);
  });

  it('take turns by kind, so that a first page shows them all', () => {
    const first = products.slice(0, DEMO_KINDS.length).map(({ category }) => category);
    expect(first).toEqual(DEMO_KINDS.map(({ name }) => name));
  });

  it('have titles of their own', () => {
    expect(new Set(products.map(({ title }) => title)).size).toBe(products.length);
  });

  it('are titled by pattern, colour, material and shape', () => {
    expect(products.map(({ title }) => title)).toContain('Zigzag red porcelain mug');
  });

  it('come in several shapes, colours and patterns of each kind', () => {
    for (const { name } of DEMO_KINDS) {
      const designs = products.filter(({ category }) => category === name).map(({ design }) => design);
      expect(countBy(designs.map(({ shape }) => shape)).size, name).toBeGreaterThanOrEqual(5);
      expect(countBy(designs.map(({ colour }) => colour)).size, name).toBeGreaterThanOrEqual(10);
      expect(countBy(designs.map(({ pattern }) => pattern)).size, name).toBeGreaterThanOrEqual(2);
    }
  });

  it('have a description, a brand, a currency and a price in whole cents above zero', () => {
    for (const { title, description, brand, currency, price } of products) {
      expect(description).toContain(title);
      expect(brand).not.toBe('');
      expect(currency).toBe('EUR');
      expect(price).toBeGreaterThan(0);
      expect(price).toBe(Number(price.toFixed(2)));
    }
  });

  it('are in stock for the most part, and not all', () => {
    const share = products.filter(({ inStock }) => inStock).length / products.length;
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1);
  });

  it('are the same each time', () => {
    expect(makeDemoProducts()).toEqual(products);
  });
});

describe('the images of the demo', () => {
  it('have ids that count from 1 and relative paths of their own', () => {
    expect(images.map(({ id }) => id)).toEqual(images.map((_, index) => index + 1));
    expect(new Set(images.map(({ path }) => path)).size).toBe(images.length);
    for (const { path } of images) expect(path).toMatch(/^[a-z-]+\/\d{4}-[12]\.jpg$/);
  });

  it('are one main image a product, and a second view of every third', () => {
    for (const product of products) {
      expect(product.images.map(({ isMain }) => isMain)).toEqual(product.id % 3 === 0 ? [true, false] : [true]);
    }
  });
});
