import type { BackfillRun } from '../services/backfill-run.js';

const BAR_WIDTH = 24;

/** `[######------------------] 25 %  90 of 360  12.5 images/s  0:22 left  1 failed`; parts that are unknown are left out. */
export function progressLine({ counts, imagesPerSecond, secondsLeft, state }: BackfillRun): string {
  const { total, processed, failed } = counts;
  if (total === null) return state === 'RUNNING' ? 'planning' : state.toLowerCase();
  const share = total === 0 ? 1 : Math.min(1, processed / total);
  const filled = Math.round(share * BAR_WIDTH);
  const parts = [
    `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)} %`,
    `${processed} of ${total}`,
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
