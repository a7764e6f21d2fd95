import type { SearchQuestion } from './search-params.js';

/** What a question looks for, for headings: "Like your photo, but “in red”". */
export function describeQuestion({ words, photo, likes }: SearchQuestion): string {
  const pictures = [...(photo === null ? [] : ['your photo']), ...describeLikes(likes.length)].join(' and ');
  const quoted = `“${shortened(words)}”`;
  if (pictures === '') return quoted;
  return words === '' ? `Like ${pictures}` : `Like ${pictures}, but ${quoted}`;
}

function describeLikes(count: number): string[] {
  if (count === 0) return [];
  return [count === 1 ? 'this product' : `these ${count} products`];
}

/** Whoever pastes a page of text has no use for all of it as a heading. */
const LONGEST_HEADING = 80;

function shortened(words: string): string {
  // Some characters are two in a string, which are nothing apart.
  const characters = Array.from(words);
  if (characters.length <= LONGEST_HEADING) return words;
  return `${characters
    .slice(0, LONGEST_HEADING - 1)
    .join('')
    .trimEnd()}…`;
}
