import { BadUserInputError } from '../errors.js';

/** Twice as many as variables may hold: see `limitVariables`. */
const MAX_PARTS = 50_000;

/** What is long in a request is a list; objects of tens of thousands of keys are slow to read, and slower to copy. */
const MAX_KEYS = 10_000;

const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/**
 * Refuses JSON of very many small parts before it is read: a photograph in base64 is one long value, and 8 MiB of `[` keep the
 * process from all else for two seconds.
 *
 * @throws BadUserInputError
 */
export function limitJson(json: Buffer): void {
  let [parts, keys] = [0, 0];
  for (const byte of json) {
    if (byte === COMMA || byte === BRACKET || byte === BRACE) parts += 1;
    else if (byte === COLON) keys += 1;
  }
  if (parts > MAX_PARTS) throw tooMany(MAX_PARTS, 'values');
  if (keys > MAX_KEYS) throw tooMany(MAX_KEYS, 'keys');
}

function tooMany(most: number, what: string): BadUserInputError {
  return new BadUserInputError('request', `The request holds more than ${most} ${what}.`);
}
