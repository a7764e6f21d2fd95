import { describe, expect, test } from 'vitest';
import { canonicalIds, keyTypeOf } from '../../src/services/catalog/catalog-key.js';
import type { FoundColumn } from '../../src/services/catalog/catalog-relation.js';

function column(type: string, category: string, hasTotalOrder = true): FoundColumn {
  return { name: 'id', type, category, hasTotalOrder, isReadable: true };
}

describe('the key of a column', () => {
  test.each([
    ['smallint', 'N', 'number'],
    ['integer', 'N', 'number'],
    ['bigint', 'N', 'number'],
    ['numeric', 'N', 'number'],
    ['uuid', 'U', 'uuid'],
    ['text', 'S', 'text'],
    ['character varying', 'S', 'text'],
    ['bpchar', 'S', 'text'],
    ['shop.citext', 'S', 'text'],
  ])('of type %s compares with parameters of that type', (type, category, family) => {
    expect(keyTypeOf(column(type, category))).toMatchObject({ sqlType: type, family });
  });

  test.each([
    ['json', 'U'],
    ['real', 'N'],
    ['timestamp with time zone', 'D'],
    ['boolean', 'B'],
    ['constructor', 'U'],
  ])('of type %s does not exist', (type, category) => {
    expect(keyTypeOf(column(type, category))).toBeNull();
  });

  test('has the order of its column where that is total, and the order of bytes elsewhere', () => {
    expect(keyTypeOf(column('text', 'S', true))?.collation).toBe('');
    expect(keyTypeOf(column('text', 'S', false))?.collation).toBe(' collate "C"');
    expect(keyTypeOf(column('integer', 'N', false))?.collation).toBe('');
  });
});

test('ids become what the database writes, each once, without those that no key can be', () => {
  const key = keyTypeOf(column('bigint', 'N'));

  expect(key && canonicalIds(key, ['2', '02', '-0', 'x', '1', '2', '9223372036854775808'])).toEqual(['2', '0', '1']);
});
