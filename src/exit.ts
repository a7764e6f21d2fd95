import { AppError } from './errors.js';

/** Ends the process with 1: what we know in its own words, anything else with its stack, since it is a defect. */
export function exitWithError(error: unknown): never {
  const text = error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`lookalike: ${text}\n`);
  process.exit(1);
}
