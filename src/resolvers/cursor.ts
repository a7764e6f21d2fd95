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
  const [key = null] = decodeKeysCursor(cursor, { form, most: 1 }) ?? [];
  return key;
}

/**
 * The string keys of a cursor that {@link encodeCursor} made, from one to `most`; null stays null.
 *
 * @throws AppError INVALID_CURSOR
 */
export function decodeKeysCursor(
  cursor: string | null | undefined,
  { form, most }: { form: RegExp; most: number },
): string[] | null {
  if (cursor === null || cursor === undefined) return null;
  const keys = parse(cursor).map((key) => (typeof key === 'string' && form.test(key) ? key : null));
  const known = keys.filter((key) => key !== null);
  if (keys.length === 0 || keys.length > most || known.length < keys.length) throw invalidCursor();
  return known;
}

function invalidCursor(): AppError {
  return new AppError('INVALID_CURSOR', '`after` is not a cursor of this list. Take it from `cursor` or `endCursor`.', {
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
