import { describe, expect, it } from 'vitest';
import { LookalikeError } from '../../packages/apollo/src/lookalike-error.js';
import { photoErrorWords } from '../../web/src/search/photo/photo-error-words.js';
import { errorWords } from '../../web/src/ui/error-words.js';

const rateLimited = new LookalikeError('RATE_LIMITED', '', { retryAfterMs: 34_000 });
const unauthenticated = new LookalikeError('UNAUTHENTICATED', '');

describe('what the page says', () => {
  it('to who has asked for too much is when to go on', () => {
    expect(errorWords(rateLimited)).toEqual({
      title: 'That was a lot at once',
      advice: 'There is a limit to what is answered. Try again in 34 seconds.',
      canRetry: true,
    });
    expect(photoErrorWords({ kind: 'refused', error: rateLimited })).toEqual({
      sentences: 'That was a lot at once. There is a limit to what is answered. Try again in 34 seconds.',
      canRetry: true,
    });
  });

  it('to who has no token where one is needed is where to enter it', () => {
    const advice = 'This server answers only who has its admin token. Enter it under Admin, and come back.';
    expect(errorWords(unauthenticated)).toEqual({ title: 'This needs a token', advice, canRetry: false });
    expect(photoErrorWords({ kind: 'refused', error: unauthenticated })).toEqual({
      sentences: `This needs a token. ${advice}`,
      canRetry: false,
    });
  });
});
