import cors from 'cors';
import type { RequestHandler } from 'express';

/** As long as browsers keep an answer to a preflight at most. */
const PREFLIGHT_SECONDS = 2 * 3600;

/**
 * Lets pages of the listed origins ask from a browser. Never with cookies, of which there are none; so any header may come that
 * such a page wants to send.
 *
 * @param allowedOrigins - `*` allows all. Nothing is allowed where there is none.
 */
export function allowOrigins(allowedOrigins: readonly string[]): RequestHandler[] {
  if (allowedOrigins.length === 0) return [];
  const origin = allowedOrigins.includes('*') ? '*' : [...allowedOrigins];
  return [
    cors({
      origin,
      methods: ['GET', 'POST'],
      exposedHeaders: ['Retry-After', 'X-Request-Id'],
      maxAge: PREFLIGHT_SECONDS,
    }),
  ];
}
