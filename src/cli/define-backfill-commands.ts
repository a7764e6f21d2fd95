import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Config } from '../config.js';
import type { ImageFailureReason } from '../errors.js';
import type { BackfillCommand, BackfillScope } from '../services/backfill-run.js';
import { FAILURE_REASONS } from './failure-reasons.js';

/** Reads the configuration; `options` are what the command line says, above the environment. */
export type ReadConfig = (options?: Record<string, string>) => Config;

const SUMMARY = 'embed the images that need it; list and steer backfills';

// The help wraps it.
const DESCRIPTION = [
  'Embeds the images that need it: starts a backfill, or goes on with the active one, works on it in this process together',
  'with whatever other workers there are, and tells what came of it. Ctrl+C stops it; nothing that is embedded is lost.',
].join(' ');

const AFTER_HELP = `
Scopes:
  missing  new and changed images, and those whose failure may have passed by now
  stale    of these, those that were embedded before they changed
  failed   those that could not be embedded, whatever the reason
  all      every image again

Ends with 0 when the backfill is done, with 1 when it failed or was cancelled, with 130 after Ctrl+C.

Examples:
  lookalike backfill --scope failed --dry-run   what would be done, and how long it would take
  lookalike backfill pause                      pause the active backfill, wherever it was started
  lookalike backfill --watch <id>               look on while others work`;

const ID_OR_ACTIVE = 'its id; the active one by default';

interface BackfillOptions {
  scope: Lowercase<BackfillScope>;
  product?: string[];
  model?: string;
  dryRun?: true;
  batchSize?: string;
  watch?: string;
}

/** Adds `lookalike backfill` and the commands below it. Each loads what it needs when it runs. */
export function defineBackfillCommands(program: Command, readConfig: ReadConfig): void {
  const backfill = program
    .command('backfill')
    .summary(SUMMARY)
    .description(DESCRIPTION)
    .addHelpText('after', AFTER_HELP);
  defineBackfill(backfill, readConfig);
  defineLists(backfill, readConfig);
  defineSteering(backfill, readConfig);
  defineRetry(backfill, readConfig);
}

function defineBackfill(backfill: Command, readConfig: ReadConfig): void {
  backfill
    .addOption(
      new Option('--scope <scope>', 'which images to embed')
        .choices(['missing', 'stale', 'failed', 'all'])
        .default('missing'),
    )
    .option('--product <id...>', 'only the images of these products')
    .option(
      '--model <name>',
      'the model to embed with (instead of CLIP_MODEL); it answers no searches until it is activated',
    )
    .option('--batch-size <images>', 'images stored in one transaction (instead of BATCH_SIZE)')
    .option('--dry-run', 'only tell what would be done, and how long it would take')
    .addOption(
      new Option('--watch <id>', 'only show a backfill that other processes work on, until it ends').conflicts([
        'scope',
        'product',
        'model',
        'batchSize',
        'dryRun',
      ]),
    )
    // Checked below, where the message can say what was meant.
    .allowExcessArguments()
    .action(async (options: BackfillOptions, command: Command) => {
      refuseUnknownCommand(command);
      process.exitCode = await runBackfill(options, readConfig);
    });
  backfill.hook('preSubcommand', (command, subcommand) => refuseOptionsBefore(command, subcommand));
}

/** @returns The exit code. */
async function runBackfill(options: BackfillOptions, readConfig: ReadConfig): Promise<number> {
  const { scope, product, model, batchSize, dryRun, watch } = options;
  const config = readConfig({
    ...(model !== undefined && { CLIP_MODEL: model }),
    ...(batchSize !== undefined && { BATCH_SIZE: batchSize }),
  });
  if (watch !== undefined) {
    const { watchCommand } = await import('./watch-command.js');
    return watchCommand(config, watch);
  }
  const request = { scope: scope.toUpperCase() as BackfillScope, productIds: product ?? null };
  if (dryRun === true) {
    const { estimateCommand } = await import('./estimate-command.js');
    await estimateCommand(config, request);
    return 0;
  }
  const { backfillCommand } = await import('./backfill-command.js');
  return backfillCommand(config, request);
}

function defineLists(backfill: Command, readConfig: ReadConfig): void {
  backfill
    .command('list')
    .description('list backfills, newest first')
    .option('-n, --limit <count>', 'how many to list', toCount, 20)
    .action(async ({ limit }: { limit: number }) => {
      const { listCommand } = await import('./list-command.js');
      await listCommand(readConfig(), limit);
    });
  backfill
    .command('failures')
    .description('list the images that a backfill could not embed, and why')
    .argument('<id>', 'the id of the backfill')
    .addOption(new Option('--reason <reason>', 'only what failed for this reason').choices(FAILURE_REASONS))
    .option('-n, --limit <count>', 'how many to list', toCount, 50)
    .action(async (id: string, { reason, limit }: { reason?: ImageFailureReason; limit: number }) => {
      const { failuresCommand } = await import('./list-command.js');
      await failuresCommand(readConfig(), id, { first: limit, reason: reason ?? null });
    });
}

function defineSteering(backfill: Command, readConfig: ReadConfig): void {
  const descriptions: Record<BackfillCommand, string> = {
    pause: 'let every worker let go of a backfill, until it is resumed',
    resume: 'let a paused backfill go on where it stood',
    cancel: 'end a backfill for good; what it embedded stays',
  };
  for (const [name, description] of Object.entries(descriptions) as [BackfillCommand, string][]) {
    backfill
      .command(name)
      .description(description)
      .argument('[id]', ID_OR_ACTIVE)
      .action(async (id: string | undefined) => {
        const { steerCommand } = await import('./steer-command.js');
        await steerCommand(readConfig(), name, id ?? null);
      });
  }
}

function defineRetry(backfill: Command, readConfig: ReadConfig): void {
  backfill
    .command('retry')
    .description('try images again that a backfill could not embed: in it while it is active, else in a new one')
    .argument('<id>', 'the id of the backfill')
    .addOption(new Option('--reason <reason...>', 'only what failed for these reasons').choices(FAILURE_REASONS))
    .option('--image <id...>', 'only these images')
    .action(async (id: string, { reason, image }: { reason?: ImageFailureReason[]; image?: string[] }) => {
      const { retryCommand } = await import('./steer-command.js');
      await retryCommand(readConfig(), id, { reasons: reason ?? null, imageIds: image ?? null });
    });
}

const MAX_COUNT = 10_000;

function toCount(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_COUNT}.`);
}

function refuseUnknownCommand(backfill: Command): void {
  const [unknown] = backfill.args;
  if (unknown !== undefined) backfill.error(`error: there is no command '${unknown}' below backfill`);
}

/** `lookalike backfill --dry-run cancel` would cancel. */
function refuseOptionsBefore(backfill: Command, subcommand: Command): void {
  const given = backfill.options.find((option) => backfill.getOptionValueSource(option.attributeName()) === 'cli');
  if (given === undefined) return;
  backfill.error(`error: option '${given.flags}' is not for 'backfill ${subcommand.name()}'`);
}
