import { describe, expect, it } from 'vitest';
import { HeldJob } from '../../src/jobs/held-job.js';
import type { BackfillRun } from '../../src/services/backfill-run.js';

function heldJob(): HeldJob {
  const job = {
    backfillId: 'run',
    number: 1,
    task: { kind: 'FINISH' },
    workerId: 'claim',
    queueJobId: 'queued',
  } as const;
  return new HeldJob({ id: 'run' } as BackfillRun, job);
}

describe('a job in hand', () => {
  it('is over when nothing of it is on its way or to come, and done then', () => {
    const held = heldJob();
    held.begin();
    held.close();
    expect([held.isOver, held.isDone]).toEqual([false, false]);
    held.end();
    expect([held.isOver, held.isDone]).toEqual([true, true]);
  });

  it('is not over while more is to come', () => {
    const held = heldJob();
    held.begin();
    held.end();
    expect(held.isOver).toBe(false);
  });

  it('is over but not done where it was stopped, and what it has may be stored', () => {
    const held = heldJob();
    held.stop();
    held.close();
    expect([held.isOver, held.isDone, held.isLost, held.signal.aborted]).toEqual([true, false, false, true]);
  });

  it('stays lost, whatever comes after', () => {
    const held = heldJob();
    held.lose();
    held.stop();
    held.close();
    expect([held.isDone, held.isLost, held.signal.aborted]).toEqual([false, true, true]);
  });
});
