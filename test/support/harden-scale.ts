/**
 * How much of a hardening test is played: little in every run of the tests, all of it by `npm run harden`. The same seed plays the
 * same.
 */

const isFull = process.env.HARDEN === 'full';

/** A count, by how the tests are run. */
export function scale(quick: number, full: number): number {
  return isFull ? full : quick;
}

const DEFAULT_SEED = 20_261_125;

/** The seed of this run: `HARDEN_SEED`, else always the same. It is printed, so that a failure can be played again. */
export function hardenSeed(): number {
  const given = Number(process.env.HARDEN_SEED ?? DEFAULT_SEED);
  if (!Number.isSafeInteger(given)) throw new Error('HARDEN_SEED must be a whole number.');
  process.stdout.write(`HARDEN_SEED=${given}\n`);
  return given;
}
