import type { Photograph } from '@lookalike/apollo';
import { fromDataUrl } from './data-url.js';
import type { PhotoFault } from './photo-fault.js';
import { decodePicture, toJpeg } from './shrink-picture.js';
import { HEAD_BYTES, sniffFormat, type PictureFormat } from './sniff-format.js';

/** A photo that is fit to be sent, or why it is not. */
export type PreparedPhotograph = { photograph: Photograph } | { fault: PhotoFault };

/** What may be a photo, going by how it begins. */
export interface LikelyPhotograph {
  photograph: Photograph;
  /** Null where only the server can look at it. */
  format: PictureFormat | null;
}

const MEGABYTE = 1024 * 1024;

/** What the server accepts by default. Its own limit may be lower; then it says so itself. */
const MOST_BYTES = 20 * MEGABYTE;

/** From here on a photo is made smaller before it is sent: a phone on a slow line has to send it. */
const LARGE_BYTES = 2 * MEGABYTE;
const LONGEST_SIDE = 1600;

/** The others are sent as JPEGs, where the browser can read them. */
const SERVER_FORMATS: ReadonlySet<PictureFormat> = new Set(['jpeg', 'png', 'gif', 'webp', 'avif']);

/** Browsers leave these as they lie, and the server turns them upright: what is sent has to be what is seen. */
const TURNED_BY_SERVER: ReadonlySet<PictureFormat> = new Set(['webp']);

/** Looks at how a photo begins, and never at its name. */
export async function inspectPhotograph(offered: Photograph): Promise<LikelyPhotograph | { fault: PhotoFault }> {
  const file = offered instanceof Blob ? offered : await fileAt(offered.url);
  if (file === null && 'url' in offered && !URL.canParse(offered.url)) return { fault: { kind: 'no-address' } };
  if (file === null) return { photograph: offered, format: null };
  if (file.size === 0) return { fault: { kind: 'empty' } };
  const head = await readHead(file);
  if (head === null) return { fault: { kind: 'out-of-reach' } };
  const format = sniffFormat(head);
  return format === null ? { fault: { kind: 'no-photo' } } : { photograph: file, format };
}

/**
 * Makes a photo fit to be sent. What the browser can't read may be fine all the same, as an AVIF is in an old one: it is sent as
 * it is, and the server decides.
 */
export async function preparePhotograph({ photograph, format }: LikelyPhotograph): Promise<PreparedPhotograph> {
  return photograph instanceof Blob && format !== null ? prepareFile(photograph, format) : { photograph };
}

async function prepareFile(file: Blob, format: PictureFormat): Promise<PreparedPhotograph> {
  const picture = await decodePicture(file);
  if (picture === null) return prepareUnread(file, format);
  const isLarge = file.size > LARGE_BYTES || Math.max(picture.width, picture.height) > LONGEST_SIDE;
  const isSentAsItIs = SERVER_FORMATS.has(format) && !TURNED_BY_SERVER.has(format) && !isLarge;
  const jpeg = isSentAsItIs ? null : await toJpeg(picture, LONGEST_SIDE);
  picture.close();
  return jpeg === null ? prepareUnread(file, format) : { photograph: jpeg };
}

/** As it is, where the server may be able to read it. */
function prepareUnread(file: Blob, format: PictureFormat): PreparedPhotograph {
  if (format === 'heic') return { fault: { kind: 'heic' } };
  if (format === 'bmp' || format === 'tiff') return { fault: { kind: 'other-format', format } };
  if (file.size > MOST_BYTES) return { fault: { kind: 'too-large', bytes: file.size, mostBytes: MOST_BYTES } };
  return { photograph: file };
}

async function readHead(file: Blob): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  } catch {
    return null;
  }
}

/**
 * The file at an address, where the page can get at it; null where that is left to the server. The shop's own pictures may lie
 * where the server fetches nothing for strangers.
 */
async function fileAt(url: string): Promise<Blob | null> {
  const inAddress = fromDataUrl(url);
  if (inAddress !== null || !URL.canParse(url) || new URL(url).origin !== location.origin) return inAddress;
  try {
    const response = await fetch(url);
    return response.ok ? await response.blob() : null;
  } catch {
    return null;
  }
}
