import { BadUserInputError } from '../../errors.js';
import type { FoundColumn } from './catalog-relation.js';

/** How the values of a key column are written, compared and ordered. */
export interface KeyType {
  /** Type of a parameter that is compared with the column. */
  sqlType: string;
  /** Stands behind the column where it is ordered or compared by order; empty where the column's own order is total. */
  collation: '' | ' collate "C"';
  /** Keys of the same family can be compared with each other. */
  family: 'number' | 'uuid' | 'text';
  /** The id as the database writes it; null when the column can't hold it. */
  canonical(id: string): string | null;
  /** What an id must be, for a sentence: `a whole number`. */
  expected(id: string): string;
}

/** Types that a key column may have, for messages. */
export const ACCEPTED_KEY_TYPES = 'smallint, integer, bigint, numeric, uuid, text';

const INTEGER_BITS: ReadonlyMap<string, bigint> = new Map([
  ['smallint', 16n],
  ['integer', 32n],
  ['bigint', 64n],
]);

/** How to treat a column as a key; null when it can't be one. */
export function keyTypeOf(column: FoundColumn): KeyType | null {
  const bits = INTEGER_BITS.get(column.type);
  if (bits !== undefined) return integerKey(column.type, bits);
  if (column.type === 'numeric') return numericKey;
  if (column.type === 'uuid') return uuidKey;
  return column.category === 'S' ? textKey(column) : null;
}

/** Longer than any integer key, so that a megabyte of digits is turned away without being computed. */
const MAX_INTEGER_LENGTH = 64;

function integerKey(sqlType: string, bits: bigint): KeyType {
  const highest = 2n ** (bits - 1n) - 1n;
  const lowest = -highest - 1n;
  return {
    sqlType,
    collation: '',
    family: 'number',
    canonical: (id) => {
      if (id.length > MAX_INTEGER_LENGTH || !/^-?\d+$/.test(id)) return null;
      const value = BigInt(id);
      return value >= lowest && value <= highest ? String(value) : null;
    },
    expected: (id) => (/^-?\d+$/.test(id) ? `a whole number from ${lowest} to ${highest}` : 'a whole number'),
  };
}

const numericKey: KeyType = {
  sqlType: 'numeric',
  collation: '',
  family: 'number',
  canonical: (id) => (/^-?\d{1,100}(\.\d{1,100})?$/.test(id) ? id : null),
  expected: () => 'a number of at most 100 digits',
};

const uuidKey: KeyType = {
  sqlType: 'uuid',
  collation: '',
  family: 'uuid',
  canonical: (id) => (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id.toLowerCase() : null),
  expected: () => 'a UUID',
};

/**
 * Text is ordered as its column is, so that the shop's own index serves the order; a deterministic collation breaks every
 * tie by the bytes, so no key falls between two pages. Where the order is not total, bytes alone decide.
 */
function textKey(column: FoundColumn): KeyType {
  return {
    sqlType: column.type,
    collation: column.hasTotalOrder ? '' : ' collate "C"',
    family: 'text',
    // Postgres stores neither NUL nor half of a surrogate pair, and would reject or replace them.
    canonical: (id) => (/[\0\p{Surrogate}]/u.test(id) ? null : id),
    expected: () => 'well-formed text without NUL characters',
  };
}

/** Of `ids`, those that the key can hold, as the database writes them, each once. */
export function canonicalIds(key: KeyType, ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => key.canonical(id)))].filter((id) => id !== null);
}

/**
 * Checks that `id` can be a key of products at all.
 *
 * @throws BadUserInputError naming `argument`.
 */
export function checkKey(key: KeyType, id: string, argument: string): void {
  if (key.canonical(id) !== null) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` must be ${key.expected(id)}: the key of this catalogue's products is ${key.sqlType}, ` +
      `and ${quoted(id)} is not one.`,
  );
}

const SHOWN_LENGTH = 60;

/** What a client sent, in quotes and not too long, for messages. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value);
}
