import { expect, it } from 'vitest';
import { limitJson } from '../../src/server/limit-json.js';

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0]));
const limited = (value: unknown) => () => limitJson(Buffer.from(JSON.stringify(value)));

it('takes a list of 25,000 values, a photograph in base64, and an object of 10,000 keys', () => {
  expect(limited({ variables: { ids: Array.from({ length: 25_000 }, (_, index) => `${index}`) } })).not.toThrow();
  expect(limited({ base64: 'A'.repeat(5_000_000) })).not.toThrow();
  expect(limited(keys(10_000))).not.toThrow();
});

it('refuses what holds more', () => {
  expect(limited(Array.from({ length: 50_001 }, () => 0))).toThrow('The request holds more than 50000 values.');
  expect(limited(Array.from({ length: 26_000 }, () => []))).toThrow('The request holds more than 50000 values.');
  expect(limited(keys(10_001))).toThrow('The request holds more than 10000 keys.');
});
