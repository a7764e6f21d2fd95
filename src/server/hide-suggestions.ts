import type { ErrorMask } from './error-mask.js';

/**
 * The same mask without what GraphQL guesses was meant, which tells of the schema. Validation can be told not to guess; it is variables
 * that are guessed at all the same.
 */
export function hideSuggestions(mask: ErrorMask): ErrorMask {
  return (error, formatted, log) =>
    mask(error, { ...formatted, message: formatted.message.replace(/ ?Did you mean .+\?$/s, '') }, log);
}
