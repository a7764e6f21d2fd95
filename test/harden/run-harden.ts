/**
 * Plays the hardening tests at length: `npm run harden`. Those of some files only: `npm run harden -- documents images`. What failed
 * once again: `npm run harden -- --seed 7 documents`.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const HOUR_MS = 3_600_000;

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true });
const seed = Number(values.seed ?? randomInt(1, 2 ** 31));
if (!Number.isSafeInteger(seed)) {
  process.stderr.write(`--seed must be a whole number, and "${values.seed}" is not.\n`);
  process.exit(2);
}
process.stdout.write(`Seed ${seed}.\n`);
Object.assign(process.env, { HARDEN: 'full', HARDEN_SEED: String(seed) });

// One file at a time: what is measured is not to be disturbed by the others.
const vitest = await startVitest('test', positionals, {
  project: ['harden'],
  run: true,
  watch: false,
  fileParallelism: false,
  testTimeout: HOUR_MS,
  hookTimeout: HOUR_MS,
});
const modules = vitest.state.getTestModules();
const failed = modules.filter((module) => !module.ok());
await vitest.close();
const files = failed.map((module) => `FAILED  ${module.relativeModuleId}\n`).join('');
const counts = `${modules.length - failed.length} files passed, ${failed.length} failed`;
process.stdout.write(`${files}Seed ${seed}: ${counts}, in ${Math.round(performance.now() / 1000)} s.\n`);
process.exit(failed.length === 0 && modules.length > 0 ? 0 : 1);
