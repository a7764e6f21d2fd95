import { dateWords, relativeWords } from './time-words.js';
import { useNow } from './use-now.js';

/** "3 minutes ago", with the whole date for whoever points at it. `at` is ISO 8601. */
export function RelativeTime({ at }: { at: string }) {
  const nowMs = useNow();
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={dateWords(atMs)}>
      {relativeWords(atMs, nowMs)}
    </time>
  );
}
