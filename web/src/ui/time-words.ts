const LOCALE = 'en-GB';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' });
const ofDay = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' });

/** "3 minutes ago", "in 2 hours", "just now". */
export function relativeWords(atMs: number, nowMs: number): string {
  const seconds = (atMs - nowMs) / 1_000;
  const size = Math.abs(seconds);
  if (size < 0.75 * MINUTE) return seconds > 5 ? 'in a moment' : 'just now';
  if (size < 0.75 * HOUR) return relative.format(Math.round(seconds / MINUTE), 'minute');
  if (size < 0.75 * DAY) return relative.format(Math.round(seconds / HOUR), 'hour');
  return relative.format(Math.round(seconds / DAY), 'day');
}

/** "25 Nov 2025, 01:58:12". */
export function dateWords(atMs: number): string {
  return absolute.format(atMs);
}

/** "01:58:12". */
export function clockWords(atMs: number): string {
  return ofDay.format(atMs);
}

/** How long something takes, as closely as people want to know: "a few seconds", "about 2 minutes". */
export function durationWords(seconds: number): string {
  if (seconds < 8) return 'a few seconds';
  if (seconds < 0.9 * MINUTE) return `about ${5 * Math.max(2, Math.round(seconds / 5))} seconds`;
  if (seconds < 0.9 * HOUR) return `about ${counted(Math.max(1, Math.round(seconds / MINUTE)), 'minute')}`;
  if (seconds < 1.9 * DAY) return `about ${hoursWords(seconds)}`;
  return `about ${counted(Math.round(seconds / DAY), 'day')}`;
}

/** To a quarter of an hour while there are few of them. */
function hoursWords(seconds: number): string {
  if (seconds > 6 * HOUR) return counted(Math.round(seconds / HOUR), 'hour');
  const quarters = Math.max(4, Math.round(seconds / (HOUR / 4)));
  const [hours, minutes] = [Math.floor(quarters / 4), (quarters % 4) * 15];
  return minutes === 0 ? counted(hours, 'hour') : `${counted(hours, 'hour')} ${minutes} minutes`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
