import { ImageError } from '../../errors.js';

/** The formats that photographs are accepted in. */
export type PhotographFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif';

const ACCEPTED = 'a JPEG, PNG, WebP, AVIF or GIF photograph';

interface Signature {
  /** Where the bytes stand. */
  at: number;
  bytes: string;
}

/** `bytes` in Latin-1, one character a byte. */
const signature = (bytes: string, at = 0): Signature => ({ at, bytes });

/** From the formats' own specifications; the list at https://mimesniff.spec.whatwg.org/#image-type-pattern-matching agrees. */
const PHOTOGRAPHS: readonly (readonly [PhotographFormat, ...Signature[]])[] = [
  ['jpeg', signature('\xff\xd8\xff')],
  ['png', signature('\x89PNG\r\n\x1a\n')],
  ['gif', signature('GIF87a')],
  ['gif', signature('GIF89a')],
  ['webp', signature('RIFF'), signature('WEBP', 8)],
];

/** What people send instead, with its article. */
const OTHERS: readonly (readonly [string, ...Signature[]])[] = [
  ['a PDF document', signature('%PDF-')],
  ['a TIFF image', signature('II*\0')],
  ['a TIFF image', signature('MM\0*')],
  ['a TIFF image', signature('II+\0')],
  ['a TIFF image', signature('MM\0+')],
  // The second signature is the reserved field, zero in a real one: two letters alone are too little to go by.
  ['a BMP image', signature('BM'), signature('\0\0\0\0', 6)],
  ['an ICO icon', signature('\0\0\x01\0')],
  ['a JPEG XL image', signature('\xff\x0a')],
  ['a JPEG XL image', signature('\0\0\0\x0cJXL \r\n\x87\n')],
  ['a JPEG 2000 image', signature('\0\0\0\x0cjP  \r\n\x87\n')],
  ['a Photoshop document', signature('8BPS')],
  ['a ZIP archive', signature('PK\x03\x04')],
  ['a ZIP archive', signature('PK\x05\x06')],
  ['a gzip archive', signature('\x1f\x8b')],
  ['a WebM or Matroska video', signature('\x1a\x45\xdf\xa3')],
];

/** Brands of an ISO base media file (ISO/IEC 14496-12 4.3): AVIF 1.1 section 6, ISO/IEC 23008-12 annex B. */
const AVIF_BRANDS: readonly string[] = ['avif', 'avis'];
const HEIC_BRANDS: readonly string[] = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
const STILL_IMAGE_BRANDS: readonly string[] = ['mif1', 'msf1', 'miaf', 'MiHB', 'MiHE', 'mif2'];

/** As much of a file as text is looked for in; a licence may stand before the `<svg`. */
const TEXT_BYTES = 4096;

/**
 * Says what format a photograph is in, going by its content alone: never by its name or its declared type.
 *
 * @throws ImageError EMPTY for no bytes, UNSUPPORTED_FORMAT for something else that is recognised, NOT_AN_IMAGE for the rest.
 */
export function sniffFormat(bytes: Uint8Array): PhotographFormat {
  if (bytes.length === 0) throw new ImageError('EMPTY', 'The image is empty: it has 0 bytes.');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, TEXT_BYTES)).toString('latin1');
  const format = firstMatch(PHOTOGRAPHS, head) ?? (isAvif(head) ? 'avif' : null);
  if (format !== null) return format;
  const other = firstMatch(OTHERS, head) ?? mediaKind(head) ?? textKind(head);
  if (other !== null) {
    throw new ImageError('UNSUPPORTED_FORMAT', `The file is ${other}, which is not accepted: give ${ACCEPTED}.`);
  }
  throw new ImageError('NOT_AN_IMAGE', `The file is not an image: give ${ACCEPTED}.`);
}

function firstMatch<Name>(table: readonly (readonly [Name, ...Signature[]])[], head: string): Name | null {
  const match = table.find(([, ...signatures]) => signatures.every(({ at, bytes }) => head.startsWith(bytes, at)));
  return match?.[0] ?? null;
}

/** The major brand decides; a general one leaves it to the brands that the file says it is compatible with. */
function isAvif(head: string): boolean {
  const [major = '', ...compatible] = brandsOf(head);
  return AVIF_BRANDS.includes(decidingBrand(major, compatible));
}

function mediaKind(head: string): string | null {
  const [major, ...compatible] = brandsOf(head);
  if (major === undefined) return null;
  const brand = decidingBrand(major, compatible);
  if (HEIC_BRANDS.includes(brand)) return 'a HEIC image';
  return STILL_IMAGE_BRANDS.includes(brand) ? 'a HEIF image' : 'an MP4 or QuickTime video';
}

function decidingBrand(major: string, compatible: readonly string[]): string {
  if (!STILL_IMAGE_BRANDS.includes(major)) return major;
  return compatible.find((brand) => AVIF_BRANDS.includes(brand) || HEIC_BRANDS.includes(brand)) ?? major;
}

/** The brands in the `ftyp` box that such a file begins with, the major one first; none where it does not. */
function brandsOf(head: string): string[] {
  if (!head.startsWith('ftyp', 4)) return [];
  const size = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE();
  // The four bytes after the major brand are a version number.
  const brands = head.slice(8, 12) + head.slice(16, size);
  return brands.match(/[^]{4}/g) ?? [];
}

function textKind(head: string): string | null {
  const text = head
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (!text.startsWith('<')) return null;
  if (/^<(!doctype html|html|head|body)[\s>]/.test(text)) return 'an HTML page';
  if (/<svg[\s>:]/.test(text)) return 'an SVG drawing';
  if (/<html[\s>]/.test(text)) return 'an HTML page';
  return text.startsWith('<?xml') ? 'an XML document' : null;
}
