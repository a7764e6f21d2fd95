import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.js';
import { sniffFormat, type PhotographFormat } from '../../src/services/images/sniff-format.js';

const picture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#c43' } });

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** An `ftyp` box: its size, the major brand, a version, the compatible brands; then the start of another box. */
function mediaFile(major = '', ...compatible: string[]): Buffer {
  const size = 16 + 4 * compatible.length;
  return latin1(`\0\0\0${String.fromCharCode(size)}ftyp${major}\0\0\0\0${compatible.join('')}\0\0\0\x20metaavifheic`);
}

function errorOf(bytes: Uint8Array): ImageError {
  try {
    sniffFormat(bytes);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  throw new Error('The bytes were taken for a photograph.');
}

describe('sniffFormat', () => {
  it.each<[PhotographFormat, () => Promise<Buffer>]>([
    ['jpeg', () => picture().jpeg().toBuffer()],
    [
      'jpeg',
      () =>
        picture()
          .jpeg({ progressive: true })
          .withExif({ IFD0: { Copyright: '<svg>' } })
          .toBuffer(),
    ],
    ['png', () => picture().png().toBuffer()],
    ['png', () => picture().png({ palette: true }).toBuffer()],
    ['webp', () => picture().webp().toBuffer()],
    ['webp', () => picture().webp({ lossless: true }).toBuffer()],
    ['avif', () => picture().avif().toBuffer()],
    ['gif', () => picture().gif().toBuffer()],
  ])('recognises a real %s', async (format, encode) => {
    expect(sniffFormat(await encode())).toBe(format);
  });

  it('recognises the older GIF', () => {
    expect(sniffFormat(latin1('GIF87a\x01\0\x01\0'))).toBe('gif');
  });

  it('reads a view into a larger buffer', async () => {
    const png = await picture().png().toBuffer();
    const shared = Buffer.concat([Buffer.alloc(7), png]);
    expect(sniffFormat(new Uint8Array(shared.buffer, shared.byteOffset + 7, png.length))).toBe('png');
  });

  it.each([['avif mif1 miaf'], ['avis avif msf1'], ['mif1 avif miaf'], ['mif1 miaf avif heic'], ['avif heic']])(
    'takes an ISO media file of the brands %s for AVIF',
    (brands) => {
      expect(sniffFormat(mediaFile(...brands.split(' ')))).toBe('avif');
    },
  );

  it.each([
    ['heic mif1', 'a HEIC image'],
    ['heix avif', 'a HEIC image'],
    ['mif1 heic', 'a HEIC image'],
    ['msf1 hevc', 'a HEIC image'],
    ['mif1 miaf', 'a HEIF image'],
    ['isom avif', 'an MP4 or QuickTime video'],
    ['mp42 isom', 'an MP4 or QuickTime video'],
  ])('refuses one of the brands %s as %s', (brands, what) => {
    expect(errorOf(mediaFile(...brands.split(' '))).message).toContain(`The file is ${what},`);
  });

  it.each([
    ['an SVG drawing', latin1('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['an SVG drawing', latin1('\xef\xbb\xbf\n<?xml version="1.0"?>\n<!-- drawn -->\n<!DOCTYPE svg>\n<SVG width="1">')],
    ['an SVG drawing', latin1('<?xml version="1.0"?><svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>')],
    ['an HTML page', latin1('<!DOCTYPE html><html><body><svg></svg>')],
    ['an HTML page', latin1('\n\n<HTML lang="en">')],
    ['an HTML page', latin1('<!-- moved --><html>')],
    ['an XML document', latin1('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
    ['a PDF document', latin1('%PDF-1.7\n')],
    ['a TIFF image', latin1('II*\0\x08\0\0\0')],
    ['a TIFF image', latin1('MM\0*\0\0\0\x08')],
    ['a TIFF image', latin1('II+\0\x08\0\0\0')],
    ['a BMP image', latin1('BM\x46\0\0\0\0\0\0\0\x36\0\0\0')],
    ['an ICO icon', latin1('\0\0\x01\0\x01\0')],
    ['a JPEG XL image', latin1('\xff\x0a\xfa\x1f')],
    ['a JPEG XL image', latin1('\0\0\0\x0cJXL \r\n\x87\n')],
    ['a JPEG 2000 image', latin1('\0\0\0\x0cjP  \r\n\x87\n')],
    ['a Photoshop document', latin1('8BPS\0\x01')],
    ['a ZIP archive', latin1('PK\x03\x04\x14\0')],
    ['a gzip archive', gzipSync('x')],
    ['a WebM or Matroska video', latin1('\x1a\x45\xdf\xa3\x01')],
  ])('refuses %s by its name', (what, bytes) => {
    expect(errorOf(bytes)).toMatchObject({
      reason: 'UNSUPPORTED_FORMAT',
      code: 'IMAGE_UNREADABLE',
      message: `The file is ${what}, which is not accepted: give a JPEG, PNG, WebP, AVIF or GIF photograph.`,
    });
  });

  it('refuses a real TIFF', async () => {
    expect(errorOf(await picture().tiff().toBuffer()).message).toContain('a TIFF image');
  });

  it('says that nothing is nothing', () => {
    expect(errorOf(new Uint8Array())).toMatchObject({
      reason: 'EMPTY',
      code: 'IMAGE_UNREADABLE',
      message: 'The image is empty: it has 0 bytes.',
    });
  });

  it.each([
    latin1('hello'),
    latin1('\xff\xd8'),
    latin1('\x89PNG'),
    latin1('RIFF\0\0\0\0WAVE'),
    latin1('BMW is a make of cars'),
    latin1('{"error":"not found"}'),
    latin1('<- that way'),
    latin1('\0\0\0\x20ftyp'),
    Buffer.alloc(100),
  ])('refuses what it does not know: %s', (bytes) => {
    expect(errorOf(bytes)).toMatchObject({
      reason: 'NOT_AN_IMAGE',
      code: 'IMAGE_UNREADABLE',
      message: 'The file is not an image: give a JPEG, PNG, WebP, AVIF or GIF photograph.',
    });
  });
});
