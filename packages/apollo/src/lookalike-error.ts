import { CombinedGraphQLErrors, CombinedProtocolErrors, ServerError } from '@apollo/client/errors';

/** `extensions.code` of the API, codes of user errors, and `NETWORK_ERROR` where no answer came. */
export type LookalikeErrorCode =
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'IMAGE_TOO_LARGE'
  | 'IMAGE_UNREACHABLE'
  | 'IMAGE_UNREADABLE'
  | 'INTERNAL_SERVER_ERROR'
  | 'INVALID_CURSOR'
  | 'MODEL_UNAVAILABLE'
  | 'NETWORK_ERROR'
  | 'NOT_FOUND'
  | 'QUERY_IMAGE_EXPIRED'
  | 'RATE_LIMITED'
  | 'SERVICE_UNAVAILABLE'
  | 'UNAUTHENTICATED';

/** Why Lookalike did not do what was asked. `message` is the server's own sentence. */
export class LookalikeError extends Error {
  override readonly name = 'LookalikeError';
  readonly code: LookalikeErrorCode;
  /** How long to wait before trying again, in milliseconds; null where the server has not said. */
  readonly retryAfterMs: number | null;

  constructor(
    code: LookalikeErrorCode,
    message: string,
    options: { retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** A reason that the payload of a mutation gives. */
export interface UserError {
  code: LookalikeErrorCode;
  message: string;
}

interface AnsweredError {
  message: string;
  extensions?: Record<string, unknown> | undefined;
}

/**
 * What went wrong, whichever way Apollo Client reports it: errors of an answer, of a stream, of an HTTP status with an
 * answer in its body, or no answer at all.
 */
export function toLookalikeError(error: unknown): LookalikeError {
  if (error instanceof LookalikeError) return error;
  const answered = answeredErrorOf(error);
  if (answered !== null) return fromAnswer(answered, error);
  return new LookalikeError('NETWORK_ERROR', 'No answer came from the server.', { cause: error });
}

/** @throws LookalikeError with the first of the reasons, where there is any. */
export function throwUserErrors(errors: readonly UserError[]): void {
  const [first] = errors;
  if (first !== undefined) throw new LookalikeError(first.code, first.message);
}

function answeredErrorOf(error: unknown): AnsweredError | null {
  if (CombinedGraphQLErrors.is(error) || CombinedProtocolErrors.is(error)) return error.errors[0] ?? null;
  if (ServerError.is(error)) return errorInBody(error.bodyText);
  return null;
}

/** Refused before GraphQL came to it, as a file far above the limit is: the body is a GraphQL answer all the same. */
function errorInBody(body: string): AnsweredError | null {
  try {
    const { errors } = JSON.parse(body) as { errors?: AnsweredError[] };
    return errors?.[0] ?? null;
  } catch {
    return null;
  }
}

function fromAnswer({ message, extensions = {} }: AnsweredError, cause: unknown): LookalikeError {
  const { code, retryAfterMs } = extensions;
  return new LookalikeError(codeOf(code), message, {
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
    cause,
  });
}

const CODES: Readonly<Record<LookalikeErrorCode, true>> = {
  BAD_USER_INPUT: true,
  CONFLICT: true,
  FORBIDDEN: true,
  IMAGE_TOO_LARGE: true,
  IMAGE_UNREACHABLE: true,
  IMAGE_UNREADABLE: true,
  INTERNAL_SERVER_ERROR: true,
  INVALID_CURSOR: true,
  MODEL_UNAVAILABLE: true,
  NETWORK_ERROR: true,
  NOT_FOUND: true,
  QUERY_IMAGE_EXPIRED: true,
  RATE_LIMITED: true,
  SERVICE_UNAVAILABLE: true,
  UNAUTHENTICATED: true,
};

/** Apollo Server has codes of its own for documents that it does not accept; to a caller they are bad input. */
function codeOf(code: unknown): LookalikeErrorCode {
  if (typeof code !== 'string') return 'INTERNAL_SERVER_ERROR';
  return code in CODES ? (code as LookalikeErrorCode) : 'BAD_USER_INPUT';
}
