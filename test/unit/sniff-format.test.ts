import { Buffer } from 'node:buffer';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, sniffFormat } from '../../web/src/search/photo/sniff-format.js';

const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#c0392b' } });

/** The first box of a file in the ISO base media format. */
function ftyp(...brands: string[]): Buffer {
  const [major = '', ...others] = brands;
  const box = Buffer.from(`....ftyp${major}\0\0\0\0${others.join('')}`, 'latin1');
  box.writeUInt32BE(box.length);
  return Buffer.concat([box, Buffer.from('....metaheicavif')]);
}

const sniff = (bytes: Buffer) => sniffFormat(bytes.subarray(0, HEAD_BYTES));

describe('the format of a file', () => {
  it.each(['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff'] as const)('is known of a real %s', async (format) => {
    expect(sniff(await picture.clone().toFormat(format).toBuffer())).toBe(format);
  });

  it('is TIFF whichever end its numbers begin with', () => {
    expect(sniff(Buffer.from('MM\0*', 'latin1'))).toBe('tiff');
    expect(sniff(Buffer.from('II*\0', 'latin1'))).toBe('tiff');
  });

  it('is HEIC for what phones make', () => {
    expect(sniff(ftyp('heic', 'mif1', 'MiHB', 'heic'))).toBe('heic');
    expect(sniff(ftyp('mif1', 'mif1', 'heic'))).toBe('heic');
    expect(sniff(ftyp('hevc', 'msf1'))).toBe('heic');
  });

  it('is AVIF where any of the brands says so, as the first one may be that of all HEIF files', () => {
    expect(sniff(ftyp('mif1', 'mif1', 'avif', 'miaf'))).toBe('avif');
  });

  it('goes by the brands of the first box, and by nothing after it', () => {
    expect(sniff(ftyp('isom', 'mp42'))).toBeNull();
  });

  it('is none for text, web pages, documents, videos, and less than a beginning', () => {
    expect(sniff(Buffer.from('Dear all, the photo is attached.'))).toBeNull();
    expect(sniff(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeNull();
    expect(sniff(Buffer.from('%PDF-1.7'))).toBeNull();
    expect(sniff(Buffer.from('RIFF....WAVE'))).toBeNull();
    expect(sniff(Buffer.from([0xff, 0xd8]))).toBeNull();
    expect(sniff(Buffer.alloc(0))).toBeNull();
    expect(sniff(Buffer.alloc(HEAD_BYTES))).toBeNull();
  });
});
