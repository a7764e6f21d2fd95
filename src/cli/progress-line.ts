import type { BackfillRun, BackfillState } from '../services/backfill-run.js';

const BAR_WIDTH = 24;

/** What a line says of the state; nothing where the numbers say it. */
const STATE_WORDS: Readonly<Record<BackfillState, string>> = {
  PENDING: 'waiting for a worker',
  RUNNING: '',
  PAUSED: 'PAUSED',
  COMPLETED: '',
  CANCELLED: 'CANCELLED',
  FAILED: 'FAILED',
};

/**
 * `[######------------------] 25 %  90 of 360  12.5 images/s  0:22 left  1 failed`; parts that are unknown are left out, and a
 * run that nobody works on says why: `[######------------------] 25 %  90 of 360  PAUSED  1 failed`.
 */
export function progressLine({ counts, imagesPerSecond, secondsLeft, state }: BackfillRun): string {
  const { total, processed, failed } = counts;
  if (total === null) return STATE_WORDS[state] || 'planning';
  const share = total === 0 ? 1 : Math.min(1, processed / total);
  const filled = Math.round(share * BAR_WIDTH);
  const parts = [
    `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)} %`,
    `${processed} of ${total}`,
    STATE_WORDS[state],
    imagesPerSecond === null ? '' : `${imagesPerSecond.toFixed(1)} images/s`,
    secondsLeft === null ? '' : `${formatSeconds(secondsLeft)} left`,
    failed > 0 ? `${failed} failed` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** `0:07`, `12:30`, `1:02:03` */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
