import type { ImageFailureReason } from '../errors.js';

/** Written out so that the compiler knows that none is missing. */
const REASONS: Readonly<Record<ImageFailureReason, true>> = {
  NOT_FOUND: true,
  GONE: true,
  FORBIDDEN: true,
  TIMEOUT: true,
  HOST_UNREACHABLE: true,
  TLS: true,
  BLOCKED_ADDRESS: true,
  TOO_LARGE: true,
  NOT_AN_IMAGE: true,
  CORRUPT: true,
  UNSUPPORTED_FORMAT: true,
  EMPTY: true,
  REDIRECT_LOOP: true,
  INTERNAL: true,
};

/** Every reason for which an image can fail. */
export const FAILURE_REASONS: readonly string[] = Object.keys(REASONS);
