/** What a file is, going by its content. */
export type PictureFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif' | 'heic' | 'bmp' | 'tiff';

/** How much of a file's beginning {@link sniffFormat} looks at, in bytes: with the brands of an AVIF that are its first few. */
export const HEAD_BYTES = 64;

/** How files of a format begin, a character a byte. */
const SIGNATURES: readonly (readonly [PictureFormat, RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n\x1a\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
  ['bmp', /^BM/],
  ['tiff', /^(?:II\*\0|MM\0\*)/],
];

const AVIF_BRANDS: ReadonlySet<string> = new Set(['avif', 'avis']);
const HEIF_BRANDS: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'hevm',
  'hevs',
  'mif1',
  'mif2',
  'msf1',
]);

/** The format that the first {@link HEAD_BYTES} bytes of a file show, whatever its name says; null where it is no picture. */
export function sniffFormat(head: Uint8Array): PictureFormat | null {
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  const found = SIGNATURES.find(([, signature]) => signature.test(text));
  return found?.[0] ?? formatOfBrands(brandsOf(text));
}

/**
 * The brands of a file in the ISO base media format: the major one, a version of four bytes, the others. AVIF and HEIC are both
 * HEIF inside and often say so first, so that the others decide.
 */
function brandsOf(text: string): string[] {
  if (text.slice(4, 8) !== 'ftyp') return [];
  const boxLength = Array.from(text.slice(0, 4)).reduce((length, byte) => length * 256 + byte.charCodeAt(0), 0);
  const brands = text.slice(8, Math.max(12, boxLength)).match(/.{4}/gs) ?? [];
  return brands.filter((_brand, index) => index !== 1);
}

function formatOfBrands(brands: readonly string[]): PictureFormat | null {
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return 'avif';
  return brands.some((brand) => HEIF_BRANDS.has(brand)) ? 'heic' : null;
}
