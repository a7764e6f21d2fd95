import { describe, expect, it } from 'vitest';
import { formatTable } from '../../src/cli/format-table.js';
import { printProgress } from '../../src/cli/print-progress.js';
import { formatSeconds, progressLine } from '../../src/cli/progress-line.js';
import { RateMeter } from '../../src/jobs/rate-meter.js';
import type { BackfillRun } from '../../src/services/backfill-run.js';

function run(change: Partial<BackfillRun> = {}): BackfillRun {
  return {
    id: 'r',
    model: 'm',
    scope: 'MISSING',
    imageScope: 'main',
    state: 'RUNNING',
    counts: { total: 360, processed: 90, embedded: 80, skipped: 9, failed: 1 },
    imagesPerSecond: 12.5,
    secondsLeft: 21.6,
    createdAt: '',
    startedAt: null,
    updatedAt: '',
    finishedAt: null,
    error: null,
    ...change,
  };
}

describe('progressLine', () => {
  it('shows share, counts, rate and time left', () => {
    expect(progressLine(run())).toBe('[######------------------] 25 %  90 of 360  12.5 images/s  0:22 left  1 failed');
  });

  it('leaves out what is not known', () => {
    const counts = { total: 10, processed: 0, embedded: 0, skipped: 0, failed: 0 };
    const line = progressLine(run({ counts, imagesPerSecond: null, secondsLeft: null }));
    expect(line).toBe('[------------------------] 0 %  0 of 10');
  });

  it('is full for an empty catalogue', () => {
    const counts = { total: 0, processed: 0, embedded: 0, skipped: 0, failed: 0 };
    expect(progressLine(run({ counts, imagesPerSecond: null, secondsLeft: null }))).toMatch(
      /^\[#{24}\] 100 %  0 of 0$/,
    );
  });
});

describe('formatSeconds', () => {
  it.each([
    [0, '0:00'],
    [6.2, '0:07'],
    [750, '12:30'],
    [3723, '1:02:03'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

describe('printProgress', () => {
  function written(isTTY: boolean): string {
    let text = '';
    const printer = printProgress({
      isTTY,
      columns: 40,
      write: (chunk: string | Uint8Array) => ((text += String(chunk)), true),
    });
    printer.show(run());
    printer.show(run({ counts: { total: 360, processed: 91, embedded: 81, skipped: 9, failed: 1 } }));
    printer.end();
    return text;
  }

  it('draws over one line on a terminal, no wider than it', () => {
    const lines = written(true).split('\r').slice(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(`\u001b[K${progressLine(run()).slice(0, 39)}`);
    expect(written(true)).toMatch(/\n$/);
  });

  it('writes plain lines elsewhere: the first, and the last', () => {
    const lines = written(false).split('\n');
    expect(lines).toEqual([expect.stringContaining('90 of 360'), expect.stringContaining('91 of 360'), '']);
  });
});

describe('formatTable', () => {
  it('makes columns as wide as what is in them, and shortens what is too long', () => {
    const table = formatTable(
      ['id', 'title'],
      [
        ['1', 'Mug'],
        ['22', 'x'.repeat(70)],
      ],
    );
    expect(table).toBe(`id  title\n1   Mug\n22  ${'x'.repeat(59)}…`);
  });
});

describe('RateMeter', () => {
  it('is the mean over the last half minute', () => {
    let nowMs = 0;
    const meter = new RateMeter(() => nowMs);
    expect(meter.perSecond()).toBeNull();
    nowMs = 10_000;
    meter.add(100);
    expect(meter.perSecond()).toBe(10);
    nowMs = 35_000;
    meter.add(50);
    expect(meter.perSecond()).toBe(5);
    nowMs = 45_000;
    expect(meter.perSecond()).toBeCloseTo(50 / 30);
  });
});
