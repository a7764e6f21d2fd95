import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ImageError } from '../../errors.js';
import { shownUrl } from './image-location.js';
import { emptyPhotograph, largePhotograph, type FetchedPhotograph } from './request-photograph.js';

export interface ImageFileRequest {
  /** Absolute path of the folder of images. */
  root: string;
  /** Paths below it without `..`, of which the first that exists is read. */
  names: readonly string[];
  /** Cap on the bytes of the photograph. */
  maxBytes: number;
}

/** Never wait at the far end of a pipe, and never follow a link that was put there after the check. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * Reads a photograph out of the folder of images. Links are followed as long as they stay inside the folder.
 *
 * @throws ImageError NOT_FOUND, FORBIDDEN, BLOCKED_ADDRESS (a link that leads out, or not a regular file), TOO_LARGE,
 *   EMPTY, or HOST_UNREACHABLE, which may pass, where the folder itself can't be read.
 */
export async function readImageFile(request: ImageFileRequest): Promise<FetchedPhotograph> {
  const path = await findInside(request);
  const subject = shownName(request);
  const file = await open(path, READ_FLAGS).catch((error: unknown) => {
    throw fileError(error, subject);
  });
  try {
    return await readRegular(file, subject, request.maxBytes);
  } finally {
    await file.close();
  }
}

/** The real path of the first name that exists. */
async function findInside({ root, names }: ImageFileRequest): Promise<string> {
  const realRoot = await realpath(root).catch((error: unknown) => {
    throw new ImageError(
      'HOST_UNREACHABLE',
      "The folder that IMAGE_ROOT names can't be read: check that it is there.",
      {
        isTransient: true,
        cause: error,
      },
    );
  });
  const paths = await Promise.allSettled(names.map((name) => realpath(join(realRoot, name))));
  const found = paths.find((path) => path.status === 'fulfilled');
  const subject = shownName({ names });
  if (found === undefined) throw fileError(paths.find((path) => path.status === 'rejected')?.reason, subject);
  const inside = realRoot.endsWith(sep) ? realRoot : realRoot + sep;
  if (!found.value.startsWith(inside)) throw notReadable(subject, 'it leads out of the folder that IMAGE_ROOT names');
  return found.value;
}

async function readRegular(file: FileHandle, subject: string, maxBytes: number): Promise<FetchedPhotograph> {
  const stats = await file.stat();
  if (!stats.isFile()) throw notReadable(subject, 'it is not a regular file');
  if (stats.size > maxBytes) throw largePhotograph(subject, maxBytes);
  const bytes = await file.readFile();
  if (bytes.length > maxBytes) throw largePhotograph(subject, maxBytes);
  if (bytes.length === 0) throw emptyPhotograph(subject);
  return { bytes, etag: null, lastModified: stats.mtime.toUTCString() };
}

/** Translates what the file system says, by its codes; anything else is a defect and stays as it is. */
function fileError(error: unknown, subject: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const options = { cause: error };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return new ImageError('NOT_FOUND', `There is no photograph at ${subject} in the folder of images.`, options);
    case 'EACCES':
    case 'EPERM':
      return new ImageError(
        'FORBIDDEN',
        `The photograph at ${subject} may not be read: check its permissions.`,
        options,
      );
    case 'ELOOP':
    case 'ENXIO':
      return notReadable(subject, 'it is not a regular file');
    default:
      return error;
  }
}

function notReadable(subject: string, because: string): ImageError {
  return new ImageError('BLOCKED_ADDRESS', `The photograph at ${subject} is not read: ${because}.`);
}

function shownName({ names }: Pick<ImageFileRequest, 'names'>): string {
  return `"${shownUrl(names[0] ?? '')}"`;
}
