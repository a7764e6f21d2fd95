import { ImageError } from '../../errors.js';
import type { PhotographFormat } from './sniff-format.js';

/** Cameras and editors make about ten, of which each is a pass over the whole picture. */
const MAX_SCANS = 100;

/**
 * A minute and a half of film. libwebp looks for each frame from the first one on, so that 400,000 of them, in 20 MB, would take it an
 * hour; the GIF decoder moves all that it knows of frames with each further one.
 */
const MAX_FRAMES = 2000;

/**
 * Refuses a file of so many parts that decoding it would take minutes though it has few bytes and few pixels. It goes through the
 * file and decodes nothing; what is malformed is left to the decoders.
 *
 * @throws ImageError TOO_LARGE for a JPEG of more than 100 scans, and a WebP or GIF of more than 2000 frames.
 */
export function checkParts(bytes: Buffer, format: PhotographFormat): void {
  switch (format) {
    case 'jpeg':
      if (countScans(bytes) > MAX_SCANS) throw tooMany('JPEG photograph', 'scans', MAX_SCANS);
      return;
    case 'webp':
      if (countOf(WEBP_FRAME, bytes, MAX_FRAMES) > MAX_FRAMES) throw tooMany('WebP photograph', 'frames', MAX_FRAMES);
      return;
    case 'gif':
      if (countGifFrames(bytes) > MAX_FRAMES) throw tooMany('GIF photograph', 'frames', MAX_FRAMES);
      return;
    case 'png':
    case 'avif':
      // Of an animated PNG libpng knows the first frame only, and libheif has limits of its own.
      return;
  }
}

function tooMany(what: string, parts: string, most: number): ImageError {
  const limit = most.toLocaleString('en-US');
  return new ImageError('TOO_LARGE', `The ${what} has more than ${limit} ${parts}, which is the most: save it again.`);
}

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/**
 * Scans up to the end of the image, as libjpeg walks from marker to marker (ITU-T T.81, B.1); it stops counting past the limit. A photograph
 * with fewer of the markers anywhere, be it in a film at its end, is not walked through.
 */
function countScans(bytes: Buffer): number {
  const most = countOf(Buffer.from([0xff, START_OF_SCAN]), bytes, MAX_SCANS);
  if (most <= MAX_SCANS) return most;
  let scans = 0;
  let at = 2;
  while (at + 1 < bytes.length && scans <= MAX_SCANS) {
    const marker = bytes[at] === 0xff ? (bytes[at + 1] ?? 0) : 0;
    if (marker === END_OF_IMAGE) break;
    if (marker === START_OF_SCAN) scans += 1;
    at += hasLength(marker) ? 2 + lengthAt(bytes, at + 2) : 1;
  }
  return scans;
}

/** How often bytes occur within others; where it is more than `most`, it may be more than the answer. */
function countOf(wanted: Buffer, bytes: Buffer, most: number): number {
  let count = 0;
  for (let at = bytes.indexOf(wanted); at >= 0 && count <= most; at = bytes.indexOf(wanted, at + wanted.length))
    count += 1;
  return count;
}

/** The others are bytes of a scan, filling, or restarts within a scan. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd8);
}

function lengthAt(bytes: Buffer, at: number): number {
  return at + 1 < bytes.length ? Math.max(bytes.readUInt16BE(at), 2) : 2;
}

/** The chunk that each frame of an animation has (RFC 9649, 2.7.1.1); in other data the four letters occur next to never. */
const WEBP_FRAME = Buffer.from('ANMF');

const GIF_HEAD_BYTES = 13;
const EXTENSION = 0x21;
const EXTENSION_HEAD_BYTES = 2;
const FRAME = 0x2c;
const GIF_FRAME_HEAD_BYTES = 10;

/** Frames of a GIF (GIF89a, 18 to 27), up to its end or to what is none of its blocks. */
function countGifFrames(bytes: Buffer): number {
  let frames = 0;
  let at = GIF_HEAD_BYTES + paletteBytes(bytes[GIF_HEAD_BYTES - 3]);
  while (frames <= MAX_FRAMES) {
    const block = bytes[at];
    if (block === FRAME) {
      frames += 1;
      // Before the pixels comes the size of their codes.
      at += GIF_FRAME_HEAD_BYTES + paletteBytes(bytes[at + GIF_FRAME_HEAD_BYTES - 1]) + 1;
    } else if (block === EXTENSION) at += EXTENSION_HEAD_BYTES;
    else break;
    for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) at += 1 + length;
    at += 1;
  }
  return frames;
}

/** @param flags - the byte that says whether there is a palette, and of how many colours. */
function paletteBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}
