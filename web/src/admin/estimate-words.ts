import { counted } from '../ui/counted.js';
import { formatCount } from '../ui/format-price.js';
import { durationWords } from '../ui/time-words.js';

/** What a backfill would do, as the API says it. */
export interface Estimate {
  total: number;
  toEmbed: number;
  left: number;
  seconds: number | null;
}

/** "It would embed 120 of 384 images, in about 2 minutes." */
export function estimateWords({ total, toEmbed, left, seconds }: Estimate): string {
  const rest = left === 0 ? '' : ` ${leftWords(left)}`;
  if (toEmbed === 0) return `There is nothing to embed: it would go over ${counted(total, 'image')} and end.${rest}`;
  const what = `It would embed ${formatCount(toEmbed)} of ${counted(total, 'image')}`;
  const time =
    seconds === null ? '. How long that takes is known after the first one.' : `, in ${durationWords(seconds)}.`;
  return `${what}${time}${rest}`;
}

function leftWords(left: number): string {
  const [who, they] =
    left === 1 ? ['Another one without an embedding is', 'it waits'] : ['Others without an embedding are', 'they wait'];
  return `${who} left alone (${formatCount(left)}): ${they} for another try, or for another kind of backfill.`;
}
