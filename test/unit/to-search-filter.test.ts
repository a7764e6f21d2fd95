import 'reflect-metadata';
import { expect, test } from 'vitest';
import { toSearchFilter } from '../../src/resolvers/to-search-filter.js';
import { ProductFilterInput } from '../../src/resolvers/types/product-filter-input.js';

function input(fields: object): ProductFilterInput {
  return Object.assign(new ProductFilterInput(), fields);
}

test('no filter is none', () => {
  expect(toSearchFilter(null)).toEqual({ filter: null, excludeIds: [] });
  expect(toSearchFilter(undefined)).toEqual({ filter: null, excludeIds: [] });
});

test('what a client leaves out, or sends as null, is open', () => {
  const open = { categories: null, brands: null, price: null, inStock: null, attributes: [] };

  expect(toSearchFilter(input({}))).toEqual({ filter: open, excludeIds: [] });
  expect(toSearchFilter(input({ ...open, price: { min: null }, excludeIds: null, attributes: null }))).toEqual({
    filter: open,
    excludeIds: [],
  });
});

test('what a client sends is handed on, and the ids to leave out stand apart', () => {
  expect(
    toSearchFilter(
      input({
        categories: ['chairs'],
        brands: [],
        price: { max: 20 },
        inStock: false,
        excludeIds: ['7', '7'],
        attributes: [{ name: 'color', values: ['red'] }, { name: 'size', min: 0, max: null }, { name: 'size' }],
      }),
    ),
  ).toEqual({
    filter: {
      categories: ['chairs'],
      brands: [],
      price: { min: null, max: 20 },
      inStock: false,
      attributes: [
        { name: 'color', values: ['red'], range: null },
        { name: 'size', values: null, range: { min: 0, max: null } },
        { name: 'size', values: null, range: null },
      ],
    },
    excludeIds: ['7', '7'],
  });
});
