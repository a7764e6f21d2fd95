import type { Config } from '../config.js';
import { AppError } from '../errors.js';
import type { FailureFilter } from '../services/backfill-failure-store.js';
import type { BackfillCommand, BackfillRun } from '../services/backfill-run.js';
import type { CommandResult, RetryResult } from '../services/backfill-steering.js';
import { openSteering } from '../steering.js';
import { checkBackfillId, onlyActiveRun, unknownBackfill } from './known-run.js';
import { progressLine } from './progress-line.js';
import { withClosers } from './with-closers.js';

/**
 * `lookalike backfill pause | resume | cancel`: steers a backfill and prints how it stands then, also where it stood so
 * already.
 *
 * @param id - null is the active one.
 * @throws AppError where it can't be brought there, and where it is not clear which one is meant.
 */
export async function steerCommand(config: Config, command: BackfillCommand, id: string | null): Promise<void> {
  if (id !== null) checkBackfillId(id);
  await withClosers(config, openSteering, async (steering) => {
    const target = id ?? (await onlyActiveRun(steering)).id;
    printState(orRefused(target, command, await steering[command](target)));
  });
}

/**
 * `lookalike backfill retry`: has the images tried again that a backfill could not embed.
 *
 * @throws AppError where there is no such backfill, and where another one is in the way.
 */
export async function retryCommand(config: Config, id: string, filter: FailureFilter): Promise<void> {
  checkBackfillId(id);
  await withClosers(config, openSteering, async (steering) => {
    const { run, retriedCount } = orInTheWay(id, await steering.retryFailed(id, filter));
    if (retriedCount === 0) {
      console.log('There is no such image that still is not embedded.');
      return;
    }
    console.log(`To be tried again: ${retriedCount}, by workers and the next \`lookalike backfill --scope failed\`.`);
    printState(run);
  });
}

const PAST: Readonly<Record<BackfillCommand, string>> = { pause: 'paused', resume: 'resumed', cancel: 'cancelled' };

function orRefused(id: string, command: BackfillCommand, result: CommandResult): BackfillRun {
  switch (result.kind) {
    case 'done':
      return result.run;
    case 'refused': {
      const message = `The backfill ${id} is ${result.run.state} and can't be ${PAST[command]} any more.`;
      throw new AppError('CONFLICT', message);
    }
    case 'notFound':
      throw unknownBackfill(id);
  }
}

function orInTheWay(id: string, result: RetryResult): Extract<RetryResult, { kind: 'done' }> {
  switch (result.kind) {
    case 'done':
      return result;
    case 'conflict': {
      const { id: activeId, state } = result.active;
      const message = `The backfill ${activeId} is ${state} for this model. Wait until it has ended, or cancel it.`;
      throw new AppError('CONFLICT', message);
    }
    case 'notFound':
      throw unknownBackfill(id);
  }
}

function printState(run: BackfillRun): void {
  console.log(`The backfill ${run.id} is ${run.state}.`);
  console.log(progressLine(run));
}
