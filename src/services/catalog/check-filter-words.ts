import { BadUserInputError } from '../../errors.js';
import { quoted } from './catalog-key.js';

/** The most entries that one list of a filter may have. */
export const MAX_FILTER_VALUES = 100;

/** The most characters that one value of a filter may have. */
export const MAX_FILTER_VALUE_LENGTH = 200;

/**
 * Checks the words of one list of a filter; what they mean is for the column to say.
 *
 * @returns null for an empty list, which restricts nothing.
 * @throws BadUserInputError naming `argument`, or the entry at fault.
 */
export function checkWords(words: readonly string[] | null, argument: string): readonly string[] | null {
  if (words === null || words.length === 0) return null;
  if (words.length > MAX_FILTER_VALUES) {
    throw new BadUserInputError(
      argument,
      `\`${argument}\` has ${words.length} values, and at most ${MAX_FILTER_VALUES} are accepted.`,
    );
  }
  words.forEach((word, index) => checkWord(word, `${argument}[${index}]`));
  return words;
}

function checkWord(word: string, argument: string): void {
  const { length } = Array.from(word);
  if (length > MAX_FILTER_VALUE_LENGTH) {
    throw new BadUserInputError(
      argument,
      `\`${argument}\` has ${length} characters, and at most ${MAX_FILTER_VALUE_LENGTH} are accepted.`,
    );
  }
  // Postgres stores neither NUL nor half of a surrogate pair, and would reject or replace them.
  if (!/[\0\p{Surrogate}]/u.test(word)) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` must be well-formed text without NUL characters, and ${quoted(word)} is not.`,
  );
}
