import type { LookalikeError, LookalikeErrorCode } from '@lookalike/apollo';
import { errorWords } from '../../ui/error-words.js';
import type { PhotoFault } from './photo-fault.js';

/** Why a photo is not searched with, for whoever gave it. */
export interface PhotoErrorWords {
  /** Full sentences: what is the matter, and what can be done about it. */
  sentences: string;
  /** Whether the same photo may work when it is sent again. */
  canRetry: boolean;
}

/** What means something else, or something nearer, when it is said of a photo. */
const OF_PHOTOS: Partial<Readonly<Record<LookalikeErrorCode, PhotoErrorWords>>> = {
  BAD_USER_INPUT: {
    sentences: 'This photo can’t be searched with as it is. Choose another photo, or another part of it.',
    canRetry: false,
  },
  IMAGE_TOO_LARGE: {
    sentences: 'This photo is too large. Choose a smaller copy of it.',
    canRetry: false,
  },
  IMAGE_UNREACHABLE: {
    sentences: 'This picture can’t be fetched from where it is. Save it first, and choose the file.',
    canRetry: false,
  },
  IMAGE_UNREADABLE: {
    sentences: 'This photo can’t be read. It may be damaged: choose another copy of it, or another photo.',
    canRetry: false,
  },
  NETWORK_ERROR: {
    sentences: 'The connection was lost before your photo arrived. Check it and try again.',
    canRetry: true,
  },
};

/** What to say of a fault. */
export function photoErrorWords(fault: PhotoFault): PhotoErrorWords {
  if (fault.kind === 'refused') return OF_PHOTOS[fault.error.code] ?? wordsOfAny(fault.error);
  return { sentences: sentencesOf(fault), canRetry: false };
}

function sentencesOf(fault: Exclude<PhotoFault, { kind: 'refused' }>): string {
  switch (fault.kind) {
    case 'several':
      return `One photo at a time, please: these are ${fault.count}.`;
    case 'empty':
      return 'This file is empty. Choose another one.';
    case 'out-of-reach':
      return 'This file can’t be opened. Copy it to this device, and choose the copy.';
    case 'no-photo':
      return 'This file isn’t a photo, whatever its name says. Choose a JPEG, PNG, WebP, AVIF or GIF.';
    case 'heic':
      return (
        'This is a HEIC photo, which this browser can’t open. Choose a JPEG or PNG copy of it. ' +
        'An iPhone takes JPEGs with Settings > Camera > Formats > Most Compatible.'
      );
    case 'other-format':
      return `This is a ${fault.format.toUpperCase()} picture, which can’t be searched with. Choose a JPEG or PNG copy of it.`;
    case 'no-address':
      return 'This picture has no address that works. Save it first, and choose the file.';
    case 'unforeseen':
      return 'This photo can’t be opened here. Choose another copy of it, or another photo.';
    case 'too-large':
      return (
        `This file has ${inMegabytes(fault.bytes)}, and at most ${inMegabytes(fault.mostBytes)} can be sent. ` +
        'Choose a smaller copy of the photo.'
      );
  }
}

function wordsOfAny(error: LookalikeError): PhotoErrorWords {
  const { title, advice, canRetry } = errorWords(error);
  return { sentences: `${title}. ${advice}`, canRetry };
}

/** Upwards, so that nothing seems to be within a limit that it exceeds. */
function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}
