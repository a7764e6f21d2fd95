import type { LookalikeError, LookalikeErrorCode } from '@lookalike/apollo';

/** An error as somebody at the page reads it. */
export interface ErrorWords {
  title: string;
  /** What can be done about it. */
  advice: string;
  /** Whether the same may work when it is asked for again. */
  canRetry: boolean;
}

/** In full sentences, without the names that the API has for things. */
const WORDS: Readonly<Record<LookalikeErrorCode, ErrorWords>> = {
  BAD_USER_INPUT: {
    title: 'This can’t be asked for',
    advice: 'Something in it is not accepted. Change it, or begin anew.',
    canRetry: false,
  },
  CONFLICT: {
    title: 'Something else is in the way',
    advice: 'It is being done already, or its state does not allow it any more. Look at how things stand now.',
    canRetry: false,
  },
  FORBIDDEN: { title: 'This is not allowed', advice: 'Only an admin of the shop may do this.', canRetry: false },
  IMAGE_TOO_LARGE: {
    title: 'The photo is too large',
    advice: 'Take one with a smaller file, or make this one smaller.',
    canRetry: false,
  },
  IMAGE_UNREACHABLE: {
    title: 'The photo can’t be fetched',
    advice: 'Its address does not lead to a photo that may be fetched. Save it, and choose the file instead.',
    canRetry: true,
  },
  IMAGE_UNREADABLE: {
    title: 'This file can’t be read',
    advice: 'Use a JPEG, PNG, WebP, AVIF or GIF photo.',
    canRetry: false,
  },
  INTERNAL_SERVER_ERROR: {
    title: 'Something went wrong',
    advice: 'The fault is on our side.',
    canRetry: true,
  },
  INVALID_CURSOR: {
    title: 'The list has changed',
    advice: 'It has to be looked at from its beginning.',
    canRetry: true,
  },
  MODEL_UNAVAILABLE: {
    title: 'This shop can’t search by words yet',
    advice: 'A photo works.',
    canRetry: false,
  },
  NETWORK_ERROR: {
    title: 'The connection is lost',
    advice: 'Check that you are online.',
    canRetry: true,
  },
  NOT_FOUND: { title: 'This is no longer there', advice: 'It may have been removed meanwhile.', canRetry: false },
  QUERY_IMAGE_EXPIRED: {
    title: 'This photo is no longer kept',
    advice: 'Photos are forgotten after a day. Choose it again to go on.',
    canRetry: false,
  },
  RATE_LIMITED: { title: 'That was a lot at once', advice: 'There is a limit to what is answered.', canRetry: true },
  SERVICE_UNAVAILABLE: { title: 'There is too much to do just now', advice: 'Others are first.', canRetry: true },
  UNAUTHENTICATED: {
    title: 'This needs a token',
    advice: 'This server answers only who has its admin token. Enter it under Admin, and come back.',
    canRetry: false,
  },
};

/** What happened, what can be done, and when to try again where the server has said it. */
export function errorWords({ code, retryAfterMs }: LookalikeError): ErrorWords {
  const words = WORDS[code];
  if (!words.canRetry) return words;
  return { ...words, advice: `${words.advice} Try again ${retryAfterMs === null ? 'now' : inWords(retryAfterMs)}.` };
}

function inWords(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  return seconds === 1 ? 'in a second' : `in ${seconds} seconds`;
}
