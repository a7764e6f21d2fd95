import type { Queryable } from '../../db/database.js';
import { ServiceUnavailableError } from '../../errors.js';
import type { Statement } from './catalog-statements.js';

/** The SQLSTATE of a right that the database user does not have. */
export const INSUFFICIENT_PRIVILEGE = '42501';

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';

/**
 * Runs a statement on the catalogue.
 *
 * @throws ServiceUnavailableError when its tables are no longer what they were, or when it can't answer now.
 */
export async function run<Row>(database: Queryable, { text, values }: Statement): Promise<Row[]> {
  try {
    return await database.query<Row>(text, values);
  } catch (error) {
    const state = sqlStateOf(error);
    if (state !== UNDEFINED_TABLE && state !== UNDEFINED_COLUMN) throw error;
    throw new ServiceUnavailableError(
      'The catalogue no longer has a table or column that it had when Lookalike started. Restart Lookalike to read its tables anew.',
      { cause: error, logLevel: 'error' },
    );
  }
}

/** The SQLSTATE behind an error, translated or not. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  return 'code' in error && typeof error.code === 'string' && /^[\dA-Z]{5}$/.test(error.code)
    ? error.code
    : sqlStateOf(error.cause);
}
