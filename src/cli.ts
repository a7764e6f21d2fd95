#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { defineBackfillCommands } from './cli/define-backfill-commands.js';
import { defineModelCommands } from './cli/define-model-commands.js';
import { loadConfig, type Config } from './config.js';
import { AREAS, type Area } from './doctor/areas.js';
import { openTelemetryVariables, withDotEnv } from './dot-env.js';
import { exitWithError } from './exit.js';
import { projectRoot } from './paths.js';

/**
 * @param defaults - beneath the environment: commands print their own results, so their log is for what goes wrong.
 * @param options - what the command line says, above the environment.
 */
function readConfig(defaults: Record<string, string>, options: Record<string, string> = {}): Config {
  const env = withDotEnv(process.env, process.cwd());
  Object.assign(process.env, openTelemetryVariables(env));
  return loadConfig({ ...defaults, ...env, ...options });
}

function versionOf(packageFile: string): string {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  return version;
}

const program = new Command('lookalike')
  .description('Visual product search: CLIP on your own machine, vectors in Postgres, answers over GraphQL.')
  .version(versionOf(join(projectRoot, 'package.json')))
  .showHelpAfterError('(lookalike --help tells more)')
  // An option belongs to the command that it follows: `backfill` has options and commands with options.
  .enablePositionalOptions();

// Each command loads what it needs when it runs, so that help is there at once.

program
  .command('serve')
  .description('run the server: GraphQL over HTTP and WebSocket, and a worker for backfills')
  .action(async () => {
    const { serve } = await import('./serve.js');
    await serve(readConfig({ LOG_LEVEL: 'info' }));
  });

program
  .command('worker')
  .description('work on backfills and serve nothing; any number may run at the same time')
  .action(async () => {
    const { runWorkerProcess } = await import('./worker.js');
    await runWorkerProcess(readConfig({ LOG_LEVEL: 'info' }));
  });

program
  .command('migrate')
  .description('bring the vector database up to date')
  .action(async () => {
    const { migrateCommand } = await import('./cli/migrate-command.js');
    await migrateCommand(readConfig({ LOG_LEVEL: 'warn' }));
  });

defineBackfillCommands(program, (options) => readConfig({ LOG_LEVEL: 'warn' }, options));

program
  .command('search')
  .description('find products that look like a photograph, like words, or like both')
  .argument('[photo]', 'a file, or an http(s) address')
  .option('-t, --text <words>', 'what they should look like, in words')
  .option('-n, --limit <count>', 'how many products to show', '12')
  .action(async (photo: string | undefined, { limit, text }: { limit: string; text?: string }) => {
    const { searchCommand } = await import('./cli/search-command.js');
    await searchCommand(readConfig({ LOG_LEVEL: 'warn' }), {
      photo: photo ?? null,
      text: text ?? null,
      limit: Number(limit),
    });
  });

program
  .command('recall')
  .description('measure how many of the true nearest a search finds, on the embeddings that are there, and what to set')
  .option('--model <name>', 'the model whose embeddings to take (instead of the active one)')
  .option('--queries <count>', 'how many embeddings to search with', '200')
  .option('--k <count>', 'how many of the nearest count', '10')
  .action(async ({ model, queries, k }: { model?: string; queries: string; k: string }) => {
    const { recallCommand } = await import('./cli/recall-command.js');
    const request = { model: model ?? null, queries: Number(queries), k: Number(k) };
    await recallCommand(readConfig({ LOG_LEVEL: 'warn' }), request);
  });

program
  .command('doctor')
  .description(
    'look at configuration, databases, images, model, disk and ports, and say what is wrong and how to fix it',
  )
  .addOption(new Option('--only <area...>', 'look at these alone').choices(Object.keys(AREAS)))
  .option('--json', 'print what was found as JSON')
  .addHelpText('after', '\nEnds with 0 where there is no fault, whatever warnings there are, else with 1.')
  .action(async ({ only, json }: { only?: Area[]; json?: true }) => {
    const { doctorCommand } = await import('./cli/doctor-command.js');
    const where = { env: process.env, folder: process.cwd(), ...(only !== undefined && { areas: only }) };
    process.exitCode = await doctorCommand({ ...where, asJson: json === true });
    // What did not answer in time may go on by itself.
    setTimeout(() => process.exit(), 1000).unref();
  });

defineModelCommands(program, (options) => readConfig({ LOG_LEVEL: 'warn' }, options));

try {
  await program.parseAsync();
} catch (error) {
  exitWithError(error);
}
