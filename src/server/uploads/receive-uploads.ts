import busboy from 'busboy';
import type { Request, RequestHandler } from 'express';
import { Upload } from 'graphql-upload-minimal';
import { AppError, BadUserInputError, ImageError } from '../../errors.js';
import type { Observer } from '../../observer.js';
import type { UploadedPhotograph } from '../../resolvers/uploaded-photograph.js';
import { readableSize } from '../../services/images/readable-size.js';
import { parseOperations, parseUploadMap, placeUpload, tooManyFiles, type Operations } from './upload-map.js';
import { UploadRoom } from './upload-room.js';

export interface UploadLimits {
  maxFileBytes: number;
  /** Files that one request may have. */
  maxFiles: number;
}

/** Cap on the `operations` and on the `map` field: a GraphQL request without its files. */
const MAX_FIELD_BYTES = 1_000_000;

/**
 * A request is read on beyond what is accepted, up to this many times, since a client that is still sending would not hear
 * the answer. Past that it is cut off.
 */
const READ_ON_FACTOR = 4;

/** Requests with the largest photographs that are in memory at the same time; of one client, and of all together. */
const [LARGEST_OF_CLIENT, LARGEST_OF_ALL] = [4, 16];

/** Headers that a page of another origin can't send without asking first; the ones that Apollo's CSRF check takes. */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];

/**
 * Turns a GraphQL multipart request into an ordinary one whose variables hold `Upload` values, each of them a promise of
 * an {@link UploadedPhotograph} that is read to its end.
 *
 * Files are read before the operation runs: one that no resolver asks for would otherwise stop the request, and one above
 * the limit would look like a shorter file. What is wrong with a file rejects its `Upload`, what is wrong with the request
 * goes to `next`. So does SERVICE_UNAVAILABLE, before anything is read, for a large request of any kind past what there is room for
 * in memory: see {@link UploadRoom}.
 */
export function receiveUploads(limits: UploadLimits, observer: Observer): RequestHandler {
  const room = makeRoom(limits);
  return (request, response, next) => {
    room.enter({ headers: request.headers, clientAddress: request.ip ?? '' }, response);
    if (!isMultipart(request)) {
      next();
      return;
    }
    const receiving = observer.time('receive', () => receive(request, limits));
    receiving.then(
      (operations) => {
        request.body = operations;
        next();
      },
      (error: unknown) => {
        next(error);
      },
    );
  };
}

function makeRoom({ maxFileBytes, maxFiles }: UploadLimits): UploadRoom {
  const requestBytes = maxFiles * maxFileBytes + 2 * MAX_FIELD_BYTES;
  const [clientBytes, totalBytes] = [LARGEST_OF_CLIENT * requestBytes, LARGEST_OF_ALL * requestBytes];
  return new UploadRoom({ requestBytes, clientBytes, totalBytes });
}

function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');
}

async function receive(request: Request, limits: UploadLimits): Promise<Operations> {
  if (!PREFLIGHT_HEADERS.some((name) => request.headers[name])) {
    throw new BadUserInputError(
      'apollo-require-preflight',
      'A multipart request needs the header "apollo-require-preflight: true", so that no other site can send it.',
    );
  }
  const reception = new Reception(limits);
  const parser = makeParser(request, limits);
  parser.on('field', (name, value, { valueTruncated }) => {
    reception.takeField(name, value, valueTruncated);
  });
  parser.on('file', (name, stream, { filename }) => {
    reception.takeFile(name, stream, filename);
  });
  await readToEnd(request, parser, READ_ON_FACTOR * limits.maxFiles * limits.maxFileBytes + 2 * MAX_FIELD_BYTES);
  return reception.finish();
}

function makeParser(request: Request, { maxFileBytes, maxFiles }: UploadLimits): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      // One byte and one file more than is accepted, so that what is too much is seen and not cut off.
      limits: { fields: 2, fieldSize: MAX_FIELD_BYTES, fileSize: maxFileBytes + 1, files: maxFiles + 1 },
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

function readToEnd(request: Request, parser: busboy.Busboy, maxBytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const brokenOff = () => new BadUserInputError('request', 'The request ended before its last byte.');
    // It may have been while its sender was looked at.
    if (request.destroyed) reject(brokenOff());
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      request.unpipe(parser);
      reject(new ImageError('TOO_LARGE', 'The request is far larger than any that is accepted.'));
    });
    parser.once('close', resolve);
    parser.once('error', (cause) => {
      request.unpipe(parser);
      reject(malformed(cause));
    });
    request.once('close', () => {
      if (!request.readableEnded) reject(brokenOff());
    });
    request.pipe(parser);
  });
}

/** What has come of one multipart request so far. Remembers the first fault, and reads on, so that the client hears of it. */
class Reception {
  private operations: Operations | null = null;
  private uploads: Map<string, Upload> | null = null;
  private readonly settled = new Set<string>();
  private fault: AppError | null = null;
  private files = 0;

  constructor(private readonly limits: UploadLimits) {}

  takeField(name: string, value: string, isTruncated: boolean): void {
    this.attempt(() => {
      if (isTruncated)
        throw new BadUserInputError(name, `\`${name}\` is longer than ${readableSize(MAX_FIELD_BYTES)}.`);
      if (name === 'operations') this.operations = parseOperations(value);
      if (name === 'map') this.placeUploads(value);
    });
  }

  takeFile(name: string, stream: NodeJS.ReadableStream, filename: string | undefined): void {
    this.files += 1;
    // A request that is cut off destroys the stream with an error, which would end the process where nobody listens.
    stream.on('error', () => undefined);
    const upload = this.uploads?.get(name);
    if (upload === undefined || this.settled.has(name) || this.fault !== null) {
      if (this.uploads === null) this.attempt(() => failOrder());
      stream.resume();
      return;
    }
    this.settled.add(name);
    settle(upload, readFile(stream, filename ?? '', this.limits.maxFileBytes));
  }

  /** @throws AppError the first fault of the request. */
  finish(): Operations {
    this.attempt(() => {
      if (this.files > this.limits.maxFiles) throw tooManyFiles(this.files, this.limits.maxFiles);
    });
    if (this.fault !== null) throw this.fault;
    if (this.operations === null) throw new BadUserInputError('operations', '`operations` is missing in the request.');
    if (this.uploads === null) throw new BadUserInputError('map', '`map` is missing in the request.');
    for (const [name, upload] of this.uploads) {
      if (!this.settled.has(name)) settle(upload, Promise.reject(missingFile(name)));
    }
    return this.operations;
  }

  private placeUploads(json: string): void {
    const { operations } = this;
    if (operations === null) failOrder();
    const uploads = new Map<string, Upload>();
    for (const [field, paths] of parseUploadMap(json, this.limits.maxFiles)) {
      const upload = new Upload();
      uploads.set(field, upload);
      for (const path of paths) placeUpload(operations, path, upload);
    }
    this.uploads = uploads;
  }

  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.fault ??= error instanceof AppError ? error : malformed(error);
    }
  }
}

function failOrder(): never {
  throw new BadUserInputError('map', 'The parts must come in the order `operations`, `map`, files.');
}

async function readFile(
  stream: NodeJS.ReadableStream,
  filename: string,
  maxFileBytes: number,
): Promise<UploadedPhotograph> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxFileBytes) {
    throw new ImageError('TOO_LARGE', `The file is larger than the ${readableSize(maxFileBytes)} that are accepted.`);
  }
  return { filename, bytes };
}

function settle(upload: Upload, file: Promise<UploadedPhotograph>): void {
  // The operation may never ask for it; then its fault is nobody's.
  file.catch(() => undefined);
  // The package types the promise for its own kind of file. The scalar hands on whatever it resolves to.
  Object.assign(upload, { promise: file });
}

function missingFile(field: string): BadUserInputError {
  return new BadUserInputError('map', `\`map\` names the file "${field}", and the request has no such part.`);
}

function malformed(cause: unknown): BadUserInputError {
  return new BadUserInputError('request', 'The multipart request is malformed or cut short.', { cause });
}
