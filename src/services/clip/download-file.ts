import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface FileDownload {
  url: string;
  /** Where the file goes. It appears there when it is whole and checked, and not before. */
  path: string;
  token: string | null;
  /** Gives up when no byte comes for this long. */
  stallMs: number;
  /** Breaks the download off, as a network that went away does. */
  signal?: AbortSignal | undefined;
  /** `totalBytes` is null where the hub does not say. */
  onProgress: (doneBytes: number, totalBytes: number | null) => void;
}

export type DownloadFailure =
  /** The hub answered with a status that is not a success. */
  | { kind: 'status'; status: number; /** The hub's `X-Error-Code`. */ errorCode: string | null }
  /** No answer, or the connection broke off or fell silent. */
  | { kind: 'network' }
  /** Everything came, and it is not the file that the hub announced. */
  | { kind: 'damaged' }
  /** The file can't be written; `code` is the system's word for why, such as ENOSPC. */
  | { kind: 'disk'; code: string };

/** A file that could not be downloaded; whoever knows what it was for makes a sentence of it. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';

  constructor(
    readonly failure: DownloadFailure,
    cause?: unknown,
  ) {
    super(`The download failed: ${failure.kind}.`, { cause });
  }
}

/** What the hub announces of a file. */
interface Announcement {
  bytes: number | null;
  /** Of the content, in hex. The hub gives it for large files. */
  sha256: string | null;
  /** Names the content, so that a download of it can be resumed; null where it can't. */
  version: string | null;
}

/**
 * Downloads a file of the hub: resumes what an earlier process left, checks length and SHA-256 as far as the hub announces
 * them, and only then renames it to its place. A connection that breaks off is taken up again for as long as each attempt
 * brings bytes.
 *
 * Two processes may download the same file at once: bytes are written at their own positions of one partial file that is
 * named after the content, so both write the same.
 *
 * @throws DownloadError
 */
export async function downloadFile(download: FileDownload): Promise<void> {
  try {
    const announced = await announcementFor(download);
    await mkdir(dirname(download.path), { recursive: true });
    await downloadAnnounced(download, announced);
  } catch (error) {
    throw translateDownloadError(error);
  }
}

async function downloadAnnounced(download: FileDownload, announced: Announcement): Promise<void> {
  const partial = `${download.path}.${announced.version ?? randomUUID()}.part`;
  try {
    await fetchWhole(download, partial, announced);
    await check(partial, announced);
    await rename(partial, download.path);
  } catch (error) {
    // Another process that downloads the same file was quicker: the partial file is gone and the file is there.
    if (!existsSync(download.path)) throw error;
  } finally {
    if (announced.version === null) await rm(partial, { force: true });
  }
}

/**
 * The hub answers for a large file with a redirect to its storage, and says on that answer what the content is
 * (`X-Linked-Size`, `X-Linked-ETag`); so redirects are followed by hand here.
 */
async function announcementFor(download: FileDownload): Promise<Announcement> {
  const signal = anyOf([AbortSignal.timeout(download.stallMs), download.signal]);
  let url = download.url;
  for (let hop = 0; hop < 5; hop++) {
    // A token is for the hub and nobody it refers to; fetch sees to that where it follows redirects itself.
    const token = new URL(url).origin === new URL(download.url).origin ? download.token : null;
    const response = await request({ url, token }, { method: 'HEAD', redirect: 'manual', signal });
    const { headers, status } = response;
    const target = headers.get('location');
    const isRedirect = status >= 300 && status < 400 && target !== null;
    if (isRedirect && !headers.has('x-linked-etag')) url = new URL(target, url).href;
    else if (isRedirect || response.ok) return announcementOf(headers);
    // A mirror that has no HEAD: the download itself will tell what is wrong, if anything is.
    else if (status === 405 || status === 501) return { bytes: null, sha256: null, version: null };
    else throw statusError(response);
  }
  throw new DownloadError({ kind: 'network' });
}

function announcementOf(headers: Headers): Announcement {
  const etag = headers.get('x-linked-etag') ?? headers.get('etag');
  const bytes = headers.get('x-linked-size') ?? headers.get('content-length');
  const digest = etag?.replace(/^W\/|"/g, '') ?? '';
  return {
    bytes: bytes === null ? null : Number(bytes),
    sha256: /^[0-9a-f]{64}$/.test(digest) ? digest : null,
    version: etag === null ? null : createHash('sha256').update(etag).digest('hex').slice(0, 16),
  };
}

async function fetchWhole(download: FileDownload, partial: string, announced: Announcement): Promise<void> {
  const file = await open(partial, constants.O_RDWR | constants.O_CREAT, 0o644);
  try {
    let begin = announced.version === null ? 0 : (await file.stat()).size;
    while (announced.bytes === null || begin < announced.bytes) {
      const end = await fetchFrom(download, { file, begin, totalBytes: announced.bytes });
      if (end.isComplete) return;
      begin = end.position;
    }
  } finally {
    await file.close();
  }
}

interface Stretch {
  file: FileHandle;
  begin: number;
  totalBytes: number | null;
}

/** One connection's worth of a file. A break after at least one byte is not an error but an incomplete end. */
async function fetchFrom(download: FileDownload, stretch: Stretch): Promise<{ position: number; isComplete: boolean }> {
  const stall = new StallTimer(download.stallMs);
  try {
    const headers: Record<string, string> = stretch.begin > 0 ? { range: `bytes=${stretch.begin}-` } : {};
    const response = await request(download, { headers, signal: anyOf([stall.signal, download.signal]) });
    if (response.status === RANGE_NOT_SATISFIABLE) return { position: stretch.begin, isComplete: true };
    if (!response.ok || response.body === null) throw statusError(response);
    const begin = response.status === PARTIAL_CONTENT ? stretch.begin : 0;
    return await writeBody(response.body, { ...stretch, begin }, (position) => {
      stall.restart();
      download.onProgress(position, stretch.totalBytes);
    });
  } finally {
    stall.stop();
  }
}

const PARTIAL_CONTENT = 206;
/** The answer to a request for what follows the last byte: there is nothing missing. */
const RANGE_NOT_SATISFIABLE = 416;

async function writeBody(
  body: AsyncIterable<Uint8Array>,
  { file, begin }: Stretch,
  onProgress: (position: number) => void,
): Promise<{ position: number; isComplete: boolean }> {
  let position = begin;
  try {
    for await (const chunk of body) {
      await file.write(chunk, 0, chunk.length, position);
      position += chunk.length;
      onProgress(position);
    }
  } catch (error) {
    if (position === begin || !isNetworkError(error)) throw error;
    return { position, isComplete: false };
  }
  await file.truncate(position);
  await file.sync();
  return { position, isComplete: true };
}

async function check(partial: string, announced: Announcement): Promise<void> {
  const { size } = await stat(partial);
  const hasLength = announced.bytes === null || announced.bytes === size;
  if (hasLength && (announced.sha256 === null || announced.sha256 === (await sha256Of(partial)))) return;
  await rm(partial, { force: true });
  throw new DownloadError({ kind: 'damaged' });
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function request({ url, token }: Pick<FileDownload, 'url' | 'token'>, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  // Compressed, a length would be another one than the file's.
  headers.set('accept-encoding', 'identity');
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  return fetch(url, { ...init, headers });
}

function anyOf(signals: (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

function statusError({ status, headers }: Response): DownloadError {
  return new DownloadError({ kind: 'status', status, errorCode: headers.get('x-error-code') });
}

/** Anything else than these is a defect and stays what it is. */
function translateDownloadError(error: unknown): unknown {
  const code = diskErrorCode(error);
  if (code !== null) return new DownloadError({ kind: 'disk', code }, error);
  return isNetworkError(error) ? new DownloadError({ kind: 'network' }, error) : error;
}

/** fetch throws a TypeError when a connection fails or breaks off, and what its signal was aborted with. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}

/** Errors of the file system name their system call; those of the network come wrapped. */
function diskErrorCode(error: unknown): string | null {
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystemError ? String(error.code) : null;
}

/** Aborts its signal when it was not restarted for a time. */
class StallTimer {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal = this.controller.signal;

  constructor(afterMs: number) {
    this.timer = setTimeout(() => {
      this.controller.abort();
    }, afterMs);
  }

  restart(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
