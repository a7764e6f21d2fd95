import type { Dispatcher } from 'undici';
import { ImageError } from '../../errors.js';
import { assertHostAllowed, type PrivateHosts } from './image-address.js';
import type { Validators } from './conditional-headers.js';
import { parseRemote, shownUrl } from './image-location.js';
import { readableSize } from './readable-size.js';
import { statusError } from './translate-fetch-error.js';

/** A photograph as its host gave it. */
export interface FetchedPhotograph extends Validators {
  /** Never empty. */
  bytes: Buffer;
}

export interface RequestOptions {
  agent: Dispatcher;
  privateHosts: PrivateHosts;
  /** Cap on the bytes of the photograph. */
  maxBytes: number;
  /** Headers that are sent with every request, redirected ones too: they are about the photograph at the end of them. */
  conditions?: Readonly<Record<string, string>>;
  /** Ends the request at any moment. */
  signal: AbortSignal;
}

type Answer = Dispatcher.ResponseData;

/** As many as it takes for http to https, to www, to a CDN and around a moved folder. */
const MAX_REDIRECTS = 5;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** 203 is 200 through a proxy that changed something, RFC 9110 15.3.4. */
const SUCCESSES: readonly number[] = [200, 203];

/** AVIF comes last because it takes longest to decode; the last entry is for hosts that refuse what they don't know. */
const ACCEPT = 'image/jpeg,image/png,image/webp;q=0.9,image/gif;q=0.8,image/avif;q=0.7,*/*;q=0.1';

/**
 * Tries once to get a photograph over HTTP, following redirects, each of them checked like the first address.
 *
 * @throws ImageError, or an error of the network as undici and Node raise it.
 */
export async function requestPhotograph(url: URL, options: RequestOptions): Promise<FetchedPhotograph> {
  const seen = new Set<string>();
  let current = url;
  while (seen.size <= MAX_REDIRECTS && !seen.has(current.href)) {
    seen.add(current.href);
    const answer = await ask(current, options);
    const next = redirectTarget(answer, current);
    if (next === null) return readAnswer(answer, current, options.maxBytes);
    await discard(answer);
    current = next;
  }
  throw new ImageError(
    'REDIRECT_LOOP',
    `The photograph at ${shownUrl(url)} can't be fetched: its host redirects in a loop or more than ${MAX_REDIRECTS} times.`,
  );
}

async function ask(url: URL, options: RequestOptions): Promise<Answer> {
  assertHostAllowed(url, options.privateHosts);
  const answer = await options.agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'GET',
    headers: { ...headersFor(url), ...options.conditions },
    signal: options.signal,
  });
  // Whatever ends the body early is told to its reader; without a listener it would end the process as well.
  answer.body.on('error', () => undefined);
  return answer;
}

function headersFor(url: URL): Record<string, string> {
  const headers = { accept: ACCEPT, 'accept-encoding': 'identity', 'user-agent': 'Lookalike' };
  if (url.username === '' && url.password === '') return headers;
  const user = `${decoded(url.username)}:${decoded(url.password)}`;
  return { ...headers, authorization: `Basic ${Buffer.from(user).toString('base64')}` };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function redirectTarget(answer: Answer, url: URL): URL | null {
  const header = headerOf(answer, 'location');
  if (!REDIRECTS.includes(answer.statusCode) || header === undefined) return null;
  // undici hands out the header's bytes as Latin-1. Hosts that don't encode their letters send UTF-8, as to a browser.
  const location = Buffer.from(header, 'latin1').toString();
  try {
    const target = parseRemote(URL.canParse(location, url.href) ? new URL(location, url).href : location);
    target.hash = '';
    return target;
  } catch (error) {
    void discard(answer);
    throw error;
  }
}

async function readAnswer(answer: Answer, url: URL, maxBytes: number): Promise<FetchedPhotograph> {
  const refusal = refusalOf(answer, url, maxBytes);
  if (refusal !== null) {
    void discard(answer);
    throw refusal;
  }
  const bytes = await readCapped(answer, url, maxBytes);
  if (bytes.length === 0) throw emptyPhotograph(shownUrl(url));
  return { bytes, etag: headerOf(answer, 'etag') ?? null, lastModified: headerOf(answer, 'last-modified') ?? null };
}

/** What is wrong with an answer by its status and headers alone. */
function refusalOf(answer: Answer, url: URL, maxBytes: number): ImageError | null {
  if (!SUCCESSES.includes(answer.statusCode)) {
    return statusError(answer.statusCode, url, headerOf(answer, 'retry-after'));
  }
  const encoding = headerOf(answer, 'content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return encodedPhotograph(url, encoding);
  const declaredBytes = Number(headerOf(answer, 'content-length') ?? 0);
  return declaredBytes > maxBytes ? largePhotograph(shownUrl(url), maxBytes) : null;
}

async function readCapped(answer: Answer, url: URL, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop by the error destroys the body and, with it, the connection that still has more to say.
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw largePhotograph(shownUrl(url), maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** The most that is read of an answer that nobody wants, to keep its connection. */
const DISCARDED_BYTES = 64 * 1024;
const DISCARDING_MS = 1000;

/** Reads off a short body, so that the connection can be used again, and cuts off a long or slow one. Never rejects. */
async function discard(answer: Answer): Promise<void> {
  const limits = { limit: DISCARDED_BYTES, signal: AbortSignal.timeout(DISCARDING_MS) };
  await answer.body.dump(limits).catch(() => undefined);
}

function headerOf(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function encodedPhotograph(url: URL, encoding: string): ImageError {
  return new ImageError(
    'UNSUPPORTED_FORMAT',
    `The photograph at ${shownUrl(url)} is not read: its host sends it with Content-Encoding "${encoding}" ` +
      'though "identity" was asked for.',
  );
}

/** @param subject - the URL as it is shown. */
export function largePhotograph(subject: string, maxBytes: number): ImageError {
  return new ImageError(
    'TOO_LARGE',
    `The photograph at ${subject} is larger than ${readableSize(maxBytes)}, which is the most that is accepted: ` +
      'make it smaller or raise IMAGE_MAX_BYTES.',
  );
}

/** @param subject - the URL as it is shown. */
export function emptyPhotograph(subject: string): ImageError {
  return new ImageError('EMPTY', `The photograph at ${subject} is empty: it has 0 bytes.`);
}
