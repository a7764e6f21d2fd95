import { describe, expect, it } from 'vitest';
import { estimateLines } from '../../src/cli/estimate-command.js';
import { formatTable } from '../../src/cli/format-table.js';
import { backfillTable, failureTable } from '../../src/cli/list-command.js';
import { printProgress } from '../../src/cli/print-progress.js';
import { formatSeconds, progressLine } from '../../src/cli/progress-line.js';
import { countsByReason } from '../../src/cli/report-backfill.js';
import type { ImageFailure } from '../../src/services/backfill-failure-store.js';
import type { BackfillRun } from '../../src/services/backfill-run.js';

const NO_COUNTS = { total: null, processed: 0, embedded: 0, skipped: 0, failed: 0 };

const RUNNING = { state: 'RUNNING', startedAt: '2026-01-31T12:00:01.000Z', finishedAt: null, error: null } as const;

const PAUSED = { state: 'PAUSED', startedAt: null, finishedAt: null, error: null } as const;

const PENDING = { state: 'PENDING', startedAt: null, finishedAt: null, error: null } as const;

const CANCELLED = {
  state: 'CANCELLED',
  startedAt: null,
  finishedAt: '2026-01-31T12:00:09.000Z',
  error: null,
} as const;

type Progress = typeof RUNNING | typeof PAUSED | typeof PENDING | typeof CANCELLED;

function run(change: Partial<Omit<BackfillRun, keyof Progress>> = {}, progress: Progress = RUNNING): BackfillRun {
  return {
    id: 'r',
    model: 'm',
    scope: 'MISSING',
    imageScope: 'main',
    productIds: null,
    counts: { total: 360, processed: 90, embedded: 80, skipped: 9, failed: 1 },
    imagesPerSecond: 12.5,
    secondsLeft: 21.6,
    stages: null,
    createdAt: '2026-01-31T12:00:00.123Z',
    updatedAt: '2026-01-31T12:00:09.000Z',
    ...change,
    ...progress,
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

describe('progressLine of a run that nobody works on', () => {
  const quiet = { imagesPerSecond: null, secondsLeft: null };

  it.each([
    [PAUSED, 'PAUSED'],
    [PENDING, 'waiting for a worker'],
    [CANCELLED, 'CANCELLED'],
  ])('says why: $state', (progress, words) => {
    expect(progressLine(run(quiet, progress))).toBe(`[######------------------] 25 %  90 of 360  ${words}  1 failed`);
    expect(progressLine(run({ ...quiet, counts: NO_COUNTS }, progress))).toBe(words);
  });

  it('is planning before it is cut into jobs', () => {
    expect(progressLine(run({ ...quiet, counts: NO_COUNTS }))).toBe('planning');
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
  function recorded(isTTY: boolean) {
    let written = '';
    const write = (chunk: string | Uint8Array) => ((written += String(chunk)), true);
    return { printer: printProgress({ isTTY, columns: 60, write }), text: () => written };
  }

  function written(isTTY: boolean): string {
    const { printer, text } = recorded(isTTY);
    printer.show(run());
    printer.show(run({ counts: { total: 360, processed: 91, embedded: 81, skipped: 9, failed: 1 } }));
    printer.end();
    return text();
  }

  it('draws over one line on a terminal, no wider than it', () => {
    const lines = written(true).split('\r').slice(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(`\u001b[K${progressLine(run()).slice(0, 59)}`);
    expect(written(true)).toMatch(/\n$/);
  });

  it.each([true, false])('says what happens meanwhile on a line of its own (terminal: %s)', (isTTY) => {
    const { printer, text } = recorded(isTTY);
    printer.show(run());
    printer.show(run({ counts: { total: 360, processed: 91, embedded: 81, skipped: 9, failed: 1 } }));
    printer.say('The backfill is paused.');
    printer.show(run({ imagesPerSecond: null, secondsLeft: null }, PAUSED));
    printer.end();
    expect(
      text()
        .split('\n')
        .slice(isTTY ? 0 : 1),
    ).toEqual([
      expect.stringContaining('91 of 360'),
      'The backfill is paused.',
      expect.stringContaining('90 of 360  PAUSED'),
      '',
    ]);
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

describe('backfillTable', () => {
  it('has a line for each backfill, with what it is limited to and how far it is', () => {
    const limited = run({ id: 'q', scope: 'ALL', productIds: ['1', '2'], counts: NO_COUNTS }, PENDING);
    expect(backfillTable([run(), limited]).split('\n')).toEqual([
      'id  state    scope              model  images     failed  started',
      'r   RUNNING  MISSING            m      90 of 360  1       2026-01-31T12:00:00Z',
      'q   PENDING  ALL of 2 products  m      0 of ?     0       2026-01-31T12:00:00Z',
    ]);
  });
});

describe('failureTable', () => {
  const failure: ImageFailure = {
    imageId: '7',
    productId: '70',
    imageUrl: `https://shop.example/${'x'.repeat(80)}.jpg`,
    reason: 'TIMEOUT',
    message: 'It did not arrive in time.',
    httpStatus: null,
    attempts: 3,
    firstFailedAt: '2026-01-31T12:00:00.000Z',
    lastFailedAt: '2026-01-31T12:00:00.000Z',
    nextTryAt: '2026-01-31T12:08:00.456Z',
    isMended: false,
  };

  it('says of each image why it failed and when it is tried again, with its whole URL', () => {
    const gone = { ...failure, imageId: '8', reason: 'GONE', httpStatus: 410, nextTryAt: null } as const;
    const mended = { ...gone, imageId: '9', isMended: true };
    expect(failureTable([failure, gone, mended]).split('\n')).toEqual([
      'image  product  reason   status  attempts  next try              URL',
      `7      70       TIMEOUT          3         2026-01-31T12:08:00Z  ${failure.imageUrl}`,
      `8      70       GONE     410     3         when it changes       ${failure.imageUrl}`,
      `9      70       GONE     410     3         not needed any more   ${failure.imageUrl}`,
    ]);
  });
});

describe('countsByReason', () => {
  it('is one line, in the order given', () => {
    const counts = [
      { reason: 'NOT_FOUND', count: 12 },
      { reason: 'TIMEOUT', count: 3 },
    ];
    expect(countsByReason(counts)).toBe('NOT_FOUND 12, TIMEOUT 3');
  });
});

describe('estimateLines', () => {
  it('accounts for every image, and says how long it takes', () => {
    const lines = estimateLines({
      kind: 'estimate',
      total: 60,
      toEmbed: 40,
      left: 3,
      toRelink: 0,
      stored: 0,
      seconds: 75,
    });
    expect(lines.map((line) => line.split(/: +/))).toEqual([
      ['images', '60'],
      ['to embed', '40'],
      ['left alone', '3 (without a current embedding, but to be waited for or not in the scope)'],
      ['embedded already', '17'],
      ['duration', 'about 1:15 at the speed of the last one'],
      ['Nothing was started.'],
    ]);
  });

  it('says that it does not know how long where nothing tells', () => {
    const lines = estimateLines({
      kind: 'estimate',
      total: 1,
      toEmbed: 1,
      left: 0,
      toRelink: 0,
      stored: 0,
      seconds: null,
    });
    expect(lines).toContain('duration:         not known before a first backfill with this model');
  });
});
