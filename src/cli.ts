#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { backfillCommand } from './cli/backfill-command.js';
import { migrateCommand } from './cli/migrate-command.js';
import { modelsCommand } from './cli/models-command.js';
import { searchCommand } from './cli/search-command.js';
import { loadConfig, type Config } from './config.js';
import { withDotEnv } from './dot-env.js';
import { exitWithError } from './exit.js';
import { projectRoot } from './paths.js';
import { serve } from './serve.js';

/** Commands print their own results; the log is for what they can't foresee, unless LOG_LEVEL asks for more. */
function readConfig({ logLevel }: { logLevel: string }): Config {
  const env = withDotEnv(process.env, process.cwd());
  return loadConfig({ LOG_LEVEL: logLevel, ...env });
}

function versionOf(packageFile: string): string {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  return version;
}

const program = new Command('lookalike')
  .description('Visual product search: CLIP on your own machine, vectors in Postgres, answers over GraphQL.')
  .version(versionOf(join(projectRoot, 'package.json')))
  .showHelpAfterError('(lookalike --help tells more)');

program
  .command('serve')
  .description('run the server: GraphQL over HTTP and WebSocket, and a worker for backfills')
  .action(() => serve(readConfig({ logLevel: 'info' })));

program
  .command('migrate')
  .description('bring the vector database up to date')
  .action(() => migrateCommand(readConfig({ logLevel: 'warn' })));

program
  .command('backfill')
  .description('embed the images that need it; goes on with an interrupted backfill; Ctrl+C stops it, nothing is lost')
  .addOption(
    new Option('--scope <scope>', 'missing: new, changed and failed images; all: every image again')
      .choices(['missing', 'all'])
      .default('missing'),
  )
  .addOption(new Option('--batch-size <rows>', 'image rows stored in one transaction (instead of BATCH_SIZE)'))
  .action(async ({ scope, batchSize }: { scope: 'missing' | 'all'; batchSize?: string }) => {
    const env = withDotEnv(process.env, process.cwd());
    const config = loadConfig({ LOG_LEVEL: 'warn', ...env, ...(batchSize && { BATCH_SIZE: batchSize }) });
    process.exitCode = await backfillCommand(config, scope === 'all' ? 'ALL' : 'MISSING');
  });

program
  .command('search')
  .description('find products that look like a photograph')
  .argument('<photo>', 'a file, or an http(s) address')
  .option('-n, --limit <count>', 'how many products to show', '12')
  .action((photo: string, { limit }: { limit: string }) =>
    searchCommand(readConfig({ logLevel: 'warn' }), { photo, limit: Number(limit) }),
  );

program
  .command('models')
  .description('list the CLIP models: the three named ones, the bundled one, and what is downloaded')
  .action(() => modelsCommand(readConfig({ logLevel: 'warn' })));

try {
  await program.parseAsync();
} catch (error) {
  exitWithError(error);
}
