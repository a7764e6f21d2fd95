/** What a host said of a photograph, by which it can tell whether it still has that one: RFC 9110 8.8. */
export interface Validators {
  /** The entity tag of HTTP, as the host gave it; null where it gave none. */
  etag: string | null;
  /** An HTTP date, as the host gave it; null where it gave none. */
  lastModified: string | null;
}

/** What can stand in a header: the characters that undici and Node send, one byte each. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]+$/;

/**
 * The headers that ask for a photograph only if it is another one than that which is known. The date is left out beside an
 * entity tag, where it would be ignored: RFC 9110 13.1.3. What can't be sent is left out as well.
 *
 * @returns no header at all where nothing is known that can be asked by.
 */
export function conditionalHeaders({ etag, lastModified }: Validators): Record<string, string> {
  // "*" means any photograph whatsoever, so a host that calls its own that would never give another: RFC 9110 13.1.2.
  if (isSendable(etag) && etag.trim() !== '*') return { 'if-none-match': etag };
  return isSendable(lastModified) ? { 'if-modified-since': lastModified } : {};
}

function isSendable(value: string | null): value is string {
  return value !== null && SENDABLE.test(value);
}
