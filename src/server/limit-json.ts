import { BadUserInputError } from '../errors.js';

/** Twice as many as variables may hold: see `limitVariables`. */
const MAX_PARTS = 50_000;

const COMMA = 0x2c;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/**
 * Refuses JSON of very many small parts before it is read: a photograph in base64 is one long value, and 8 MiB of `[` keep the
 * process from all else for two seconds.
 *
 * @throws BadUserInputError
 */
export function limitJson(json: Buffer): void {
  let count = 0;
  for (const byte of json) if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1;
  if (count <= MAX_PARTS) return;
  throw new BadUserInputError('request', `The request holds more than ${MAX_PARTS} values.`);
}
