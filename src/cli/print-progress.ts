import type { WriteStream } from 'node:tty';
import type { BackfillRun } from '../services/backfill-run.js';
import { progressLine } from './progress-line.js';

/** Shows how far a run is. */
export interface ProgressPrinter {
  show(run: BackfillRun): void;
  /** Says something in between, on a line of its own below how far the run was. */
  say(sentence: string): void;
  /** Leaves the last line standing. */
  end(): void;
}

/** Not on a terminal, a line is written at most this often. */
const PLAIN_INTERVAL_MS = 10_000;

/** One line that is drawn over on a terminal; elsewhere a plain line now and then, and the last one. */
export function printProgress(
  output: Pick<WriteStream, 'write'> & { isTTY?: boolean; columns?: number },
): ProgressPrinter {
  return output.isTTY === true ? onTerminal(output) : asLines(output);
}

function onTerminal(output: Pick<WriteStream, 'write'> & { columns?: number }): ProgressPrinter {
  let isDrawn = false;
  const end = () => {
    if (isDrawn) output.write('\n');
    isDrawn = false;
  };
  return {
    show(run) {
      // Back to the start, and clear to the end of the line (ECMA-48 EL).
      output.write(`\r\u001b[K${progressLine(run).slice(0, (output.columns ?? 80) - 1)}`);
      isDrawn = true;
    },
    say(sentence) {
      end();
      output.write(`${sentence}\n`);
    },
    end,
  };
}

function asLines(output: Pick<WriteStream, 'write'>): ProgressPrinter {
  let writtenMs = -Infinity;
  let last = '';
  let pending = '';
  const write = () => {
    if (pending !== last) output.write(`${pending}\n`);
    last = pending;
    writtenMs = performance.now();
  };
  return {
    show(run) {
      pending = progressLine(run);
      if (performance.now() - writtenMs >= PLAIN_INTERVAL_MS) write();
    },
    say(sentence) {
      write();
      output.write(`${sentence}\n`);
    },
    end: write,
  };
}
