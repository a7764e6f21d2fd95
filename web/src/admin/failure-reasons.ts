import type { ImageFailureReason } from '@lookalike/apollo';

/** Why an image could not be embedded, for an admin: in short, and what to do about it. */
export const REASON_WORDS: Readonly<Record<ImageFailureReason, { label: string; remedy: string }>> = {
  BLOCKED_ADDRESS: {
    label: 'Address not allowed',
    remedy: 'It leads to a private address, or is not http. IMAGE_ALLOWED_PRIVATE_HOSTS allows hosts of your own.',
  },
  CORRUPT: { label: 'Damaged', remedy: 'The file is damaged or cut short. Put a whole one in its place.' },
  EMPTY: { label: 'Empty', remedy: 'The file has 0 bytes. Put the picture in its place.' },
  FORBIDDEN: { label: 'Not allowed by its host', remedy: 'The host refuses it. Let this server fetch it.' },
  GONE: { label: 'Removed for good', remedy: 'The host says that it is gone. Correct or remove it in the catalogue.' },
  HOST_UNREACHABLE: { label: 'Host not reachable', remedy: 'The host does not exist, or does not answer properly.' },
  INTERNAL: { label: 'Unexpected fault', remedy: 'The log of the server says more.' },
  NOT_AN_IMAGE: { label: 'Not a picture', remedy: 'There is something else at its address.' },
  NOT_FOUND: { label: 'Not found', remedy: 'There is nothing at its address. Correct it in the catalogue.' },
  REDIRECT_LOOP: { label: 'Redirected too often', remedy: 'Its address leads to others, and to no end.' },
  TIMEOUT: { label: 'Too slow', remedy: 'It did not arrive in time.' },
  TLS: { label: 'Encryption not accepted', remedy: 'The host’s certificate or encryption is not acceptable.' },
  TOO_LARGE: { label: 'Too large', remedy: 'It has too many bytes or pixels. Make it smaller.' },
  UNSUPPORTED_FORMAT: {
    label: 'Unknown format',
    remedy: 'Only JPEG, PNG, WebP, AVIF and GIF are read. Convert it.',
  },
};
