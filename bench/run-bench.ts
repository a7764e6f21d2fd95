/**
 * Runs one of the measurements beside it: `npm run bench -- <name> [options]`; without a name, the one of slow hosts. What each
 * measures, and its options, stand at the top of its file.
 */
const NAMES = [
  'backfill-slow-hosts',
  'recall',
  'duplicate-thresholds',
  'model-speed',
  'load',
  'preprocessing',
  'backfill',
  'scale',
  'start',
];

const [name = 'backfill-slow-hosts'] = process.argv.splice(2, 1);
if (NAMES.includes(name)) {
  await import(`./${name}.ts`);
} else {
  console.error(`There is no bench "${name}". There are: ${NAMES.join(', ')}.`);
  process.exitCode = 1;
}
