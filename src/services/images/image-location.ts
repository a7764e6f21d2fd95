import type { ImageConfig } from '../../config.js';
import { ImageError } from '../../errors.js';

/** Where relative image URLs lead. */
export type ImageBase = Pick<ImageConfig, 'baseUrl' | 'root'>;

/** Where an image's URL leads: to a host, or to a file below the folder of images. */
export type ImageLocation =
  | { kind: 'remote'; url: URL }
  /** `names` are the paths to try in turn, relative to `root`: as stored, then percent-decoded without its query. */
  | { kind: 'file'; root: string; names: readonly string[] };

const CONTROL_CHARACTER = /\p{Cc}/u;

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** What an image that can't be shown has for a URL: `about:invalid` loads nothing in any browser (CSS Values 4, 4.5). */
const NOTHING = 'about:invalid';

/**
 * Finds where an image's URL leads, without asking anyone. Absolute http and https URLs lead to their host, and so do
 * those that begin with `//`, by https. Others are relative: below `baseUrl` or `root`, and never outside it.
 *
 * @param stored - the URL as the catalogue has it.
 * @throws ImageError BLOCKED_ADDRESS for another scheme or a way out of the base, HOST_UNREACHABLE for what is not a URL,
 *   NOT_FOUND for nothing or for a relative URL without a base.
 */
export function locateImage(stored: string, base: ImageBase): ImageLocation {
  const text = stored.trim();
  if (text === '') throw new ImageError('NOT_FOUND', 'The image has no address: its URL is empty.');
  assertNoControlCharacters(text);
  const absolute = absoluteForm(text);
  if (absolute !== null) return { kind: 'remote', url: parseRemote(absolute) };
  if (base.baseUrl !== null) return { kind: 'remote', url: belowBaseUrl(text, base.baseUrl) };
  if (base.root !== null) return { kind: 'file', root: base.root, names: fileNames(text) };
  throw new ImageError(
    'NOT_FOUND',
    `The image URL "${shownUrl(text)}" is relative, and there is nothing that it is relative to: ` +
      'set IMAGE_BASE_URL to the address or IMAGE_ROOT to the folder that such URLs are below.',
  );
}

/** The URL with its scheme, or null where it is relative. */
function absoluteForm(text: string): string | null {
  if (text.startsWith('//')) return `https:${text}`;
  return SCHEME.test(text) ? text : null;
}

/**
 * Parses an absolute URL of http or https.
 *
 * @throws ImageError BLOCKED_ADDRESS for another scheme, HOST_UNREACHABLE for what is not a URL.
 */
export function parseRemote(text: string): URL {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase() ?? '';
  if (scheme !== 'http' && scheme !== 'https') {
    throw new ImageError(
      'BLOCKED_ADDRESS',
      `The image URL "${shownUrl(text)}" is not read: it must begin with http:// or https://, or be relative.`,
    );
  }
  if (URL.canParse(text)) return new URL(text);
  throw new ImageError('HOST_UNREACHABLE', `The image URL "${shownUrl(text)}" is not a valid URL: correct it.`);
}

function belowBaseUrl(text: string, baseUrl: string): URL {
  const [path = ''] = text.split(/[?#]/, 1);
  assertStaysInside(path, text);
  const base = new URL(baseUrl);
  if (!URL.canParse(text, baseUrl)) throw leadsOutside(text);
  const url = new URL(text, base);
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) throw leadsOutside(text);
  return url;
}

function fileNames(text: string): string[] {
  const decoded = decodedPath(text);
  const names = decoded === null || decoded === text ? [text] : [text, decoded];
  for (const name of names) {
    assertNoControlCharacters(name);
    assertStaysInside(name, text);
    if (name.startsWith('/')) throw leadsOutside(text);
  }
  return names;
}

/** The path that a browser would mean by the URL; null where its percent-encoding is broken. */
function decodedPath(text: string): string | null {
  const [path = ''] = text.split(/[?#]/, 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Refuses `..` and backslashes, written out or encoded: `new URL` takes both for steps that leave the base. */
function assertStaysInside(path: string, text: string): void {
  const plain = path.replace(/%(2e|2f|5c|00)/gi, (encoded) => decodeURIComponent(encoded));
  if (/[\\\0]/.test(plain) || plain.split('/').includes('..')) throw leadsOutside(text);
}

function leadsOutside(text: string): ImageError {
  return new ImageError(
    'BLOCKED_ADDRESS',
    `The image URL "${shownUrl(text)}" is not read: a relative URL must stay below IMAGE_BASE_URL or IMAGE_ROOT, ` +
      'without "..", backslashes or a leading slash that leads out of it.',
  );
}

/** `new URL` drops tabs and line breaks, so that `ht\ntp:` is a scheme to it and none to us. */
function assertNoControlCharacters(text: string): void {
  if (!CONTROL_CHARACTER.test(text)) return;
  const shown = shownUrl(text.replaceAll(new RegExp(CONTROL_CHARACTER, 'gu'), '\uFFFD'));
  throw new ImageError('BLOCKED_ADDRESS', `The image URL "${shown}" is not read: it has a control character in it.`);
}

/**
 * What a browser should load to show an image. Absolute URLs stay as they are, without the user and password that they
 * may have; relative ones get their base, which for a folder is `/images/` on this server. A URL that is never read
 * gives `about:invalid`; a relative one without a base stays as it is, for the page may know better.
 */
export function publicUrlOf(stored: string, base: ImageBase): string {
  const text = stored.trim();
  if (absoluteForm(text) === null && base.baseUrl === null && base.root === null) return text;
  try {
    const location = locateImage(stored, base);
    return location.kind === 'remote' ? forBrowsers(location.url, text) : `/images/${encodedPath(text)}`;
  } catch (error) {
    if (error instanceof ImageError) return NOTHING;
    throw error;
  }
}

function forBrowsers(url: URL, text: string): string {
  if (url.username === '' && url.password === '') {
    return SCHEME.test(text) ? text : url.href;
  }
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/**
 * The host that an image's URL leads to, with its port where that is not the scheme's own; `''` for a relative URL, and
 * for one that leads nowhere. Meant for bounding what is fetched from one host at a time.
 */
export function hostOf(stored: string): string {
  const absolute = absoluteForm(stored.trim());
  return absolute !== null && URL.canParse(absolute) ? new URL(absolute).host : '';
}

/** Longest URL that a message shows whole. */
const SHOWN_CHARACTERS = 200;

/** A URL for messages: without user, password, query and fragment, any of which may hold a secret, and not too long. */
export function shownUrl(url: string | URL): string {
  const text = String(url);
  const shown = URL.canParse(text) ? shownParts(new URL(text)) : shownText(text);
  return shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS)}…` : shown;
}

/** Without a host, what follows the scheme may be a file of this machine, a whole image or a password. */
function shownParts(url: URL): string {
  return url.host === '' ? `${url.protocol}…` : `${url.protocol}//${url.host}${url.pathname}`;
}

/** A relative URL, where `@` is a letter like others, or one that can't be parsed, where a user may end anywhere. */
function shownText(text: string): string {
  const mayHaveUser = /^(\/\/|[^/]*:)/.test(text);
  const rest = mayHaveUser ? text.replace(/^([a-z][a-z0-9+.-]*:)?(\/*).*@/is, '$1$2') : text;
  return rest.split(/[?#]/, 1)[0] ?? '';
}
