import type { Config } from '../config.js';
import { openEstimates } from '../model-free.js';
import type { BackfillEstimate } from '../services/backfill-estimate.js';
import type { BackfillRequest } from './backfill-command.js';
import { formatSeconds } from './progress-line.js';
import { unknownModel } from './unknown-model.js';
import { withClosers } from './with-closers.js';

/** `lookalike backfill --dry-run`: tells what a backfill would do. It starts none, and does without the model. */
export async function estimateCommand(config: Config, request: BackfillRequest): Promise<void> {
  await withClosers(config, openEstimates, async (backfills) => {
    const estimate = await backfills.estimate({ model: null, ...request });
    if (estimate.kind === 'unknownModel') throw unknownModel(estimate);
    console.log(estimateLines(estimate).join('\n'));
  });
}

/** What a person wants to know of an estimate, line by line. */
export function estimateLines({ total, toEmbed, left, seconds }: BackfillEstimate): string[] {
  const duration =
    seconds === null
      ? 'not known before a first backfill with this model'
      : `about ${formatSeconds(seconds)} at the speed of the last one`;
  return [
    `images:           ${total}`,
    `to embed:         ${toEmbed}`,
    `left alone:       ${left} (without a current embedding, but to be waited for or not in the scope)`,
    `embedded already: ${total - toEmbed - left}`,
    `duration:         ${duration}`,
    'Nothing was started.',
  ];
}
