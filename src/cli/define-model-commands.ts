import { InvalidArgumentError, type Command } from 'commander';
import { DEFAULT_MIN_COVERAGE } from '../services/embedding-models.js';
import type { ReadConfig } from './define-backfill-commands.js';

/** Adds `lookalike models` and the commands below it. Each loads what it needs when it runs. */
export function defineModelCommands(program: Command, readConfig: ReadConfig): void {
  const models = program
    .command('models')
    .summary('list the CLIP models; switch between those that are embedded with, and drop them')
    .description('List the CLIP models: the three named ones, the bundled one, and what is downloaded.')
    // Checked below, where the message can say what was meant.
    .allowExcessArguments()
    .action(async (_options: unknown, command: Command) => {
      refuseUnknownCommand(command);
      const { modelsCommand } = await import('./models-command.js');
      modelsCommand(readConfig());
    });
  models
    .command('status')
    .description('list the models that there are embeddings of, and say which one answers searches')
    .action(async () => {
      const { modelStatusCommand } = await import('./switch-model-command.js');
      await modelStatusCommand(readConfig());
    });
  defineSwitching(models, readConfig);
}

function defineSwitching(models: Command, readConfig: ReadConfig): void {
  models
    .command('activate')
    .description('let a model answer searches, in every server within two seconds; to go back, activate the old one')
    .argument('<name>', 'its name')
    .option(
      '--min-coverage <share>',
      'how much of the catalogue it has to have embedded, from 0 to 1',
      toShare,
      DEFAULT_MIN_COVERAGE,
    )
    .action(async (model: string, { minCoverage }: { minCoverage: number }) => {
      const { activateCommand } = await import('./switch-model-command.js');
      await activateCommand(readConfig(), { model, minCoverage });
    });
  models
    .command('drop')
    .description('remove a model that does not answer, with its embeddings, its backfills and its query images')
    .argument('<name>', 'its name')
    .action(async (model: string) => {
      const { dropCommand } = await import('./switch-model-command.js');
      await dropCommand(readConfig(), model);
    });
}

function toShare(value: string): number {
  const share = Number(value);
  if (value.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('It must be from 0 to 1.');
}

function refuseUnknownCommand(models: Command): void {
  const [unknown] = models.args;
  if (unknown !== undefined) models.error(`error: there is no command '${unknown}' below models`);
}
