import { AppError } from '../errors.js';

/** An opaque cursor for the position right after an item with this key. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Any key that Postgres can hold. */
export const TEXT_KEY = /^[^\0]+$/;

/**
 * The single string key of a cursor that {@link encodeCursor} made; null stays null.
 *
 * @throws AppError INVALID_CURSOR
 */
export function decodeKeyCursor(cursor: string | null | undefined, form: RegExp): string | null {
  if (cursor === null || cursor === undefined) return null;
  const key = parse(cursor);
  if (key.length === 1 && typeof key[0] === 'string' && form.test(key[0])) return key[0];
  throw new AppError('INVALID_CURSOR', '`after` is not a cursor of this list. Take it from `cursor` or `endCursor`.', {
    details: { argument: 'after' },
  });
}

function parse(cursor: string): readonly unknown[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(key) ? key : [];
  } catch {
    return [];
  }
}
