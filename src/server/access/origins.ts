import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page may subscribe here: one of our own, one that is listed, or no page at all (a program sends no Origin).
 * Browsers do not ask first for sockets and event streams, as they do for other fetches from another origin.
 */
export function isAllowedOrigin(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
