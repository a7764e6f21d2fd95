import { BadUserInputError } from '../errors.js';
import type { UserErrorType } from './types/backfill-payload-types.js';

/** A value that is not accepted is told beside the input it came in, as a mutation's errors are. */
export async function orUserError<Result>(
  act: () => Promise<Result>,
): Promise<Result | { kind: 'userError'; error: UserErrorType }> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof BadUserInputError)) throw error;
    const field = ['input', String(error.details.argument)];
    return { kind: 'userError', error: { field, code: 'BAD_USER_INPUT', message: error.message } };
  }
}
