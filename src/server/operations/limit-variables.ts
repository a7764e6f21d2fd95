import { BadUserInputError } from '../../errors.js';

/** More than every list that a resolver takes has when it is full. */
export const MAX_VARIABLE_VALUES = 25_000;

/**
 * Goes through the variables of an operation before GraphQL does, which builds all of them anew and one error for each that is wrong.
 *
 * @throws BadUserInputError where they hold too many values, however deep those lie.
 */
export function limitVariables(variables: Readonly<Record<string, unknown>>): void {
  const waiting: unknown[] = [variables];
  let count = 0;
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const values: unknown[] = Array.isArray(value) ? value : Object.values(value);
    count += values.length;
    if (count > MAX_VARIABLE_VALUES) throw tooMany();
    for (const inner of values) if (typeof inner === 'object' && inner !== null) waiting.push(inner);
  }
}

function tooMany(): BadUserInputError {
  const message = `The variables hold more than ${MAX_VARIABLE_VALUES} values: ask for less in one operation.`;
  return new BadUserInputError('variables', message);
}
