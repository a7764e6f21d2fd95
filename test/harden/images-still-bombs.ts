import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { crc32, createDeflate } from 'node:zlib';
import sharp, { type JpegOptions } from 'sharp';

/** A file that is made to do harm, by name. */
export type Bombs = Record<string, () => Buffer | Promise<Buffer>>;

export const u16 = (value: number): Buffer => Buffer.from([(value >>> 8) & 0xff, value & 0xff]);
export const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);
export const repeated = (bytes: Buffer, times: number): Buffer => Buffer.alloc(bytes.length * times, bytes);

const MB = 1024 * 1024;

const ZEROS = Buffer.alloc(MB);

/** So many zeros, deflated a piece at a time: what is measured is not to be the memory that making a bomb takes. */
async function deflated(bytes: number): Promise<Buffer> {
  const deflate = createDeflate();
  const whole = buffer(deflate);
  for (let left = bytes; left > 0; left -= MB) {
    if (!deflate.write(ZEROS.subarray(0, left))) await once(deflate, 'drain');
  }
  deflate.end();
  return whole;
}

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([u32(data.length), named, u32(crc32(named))]);
};

interface Png {
  width: number;
  height: number;
  depth?: number;
  /** 0 grey, 2 RGB, 3 palette, 6 RGBA. */
  colour?: number;
  interlaced?: boolean;
  /** Chunks between the header and the pixels. */
  extra?: Buffer[];
  /** Bytes of the pixels once inflated, all zero. */
  inflated?: number;
}

async function png({
  width,
  height,
  depth = 8,
  colour = 2,
  interlaced = false,
  extra = [],
  inflated = 64,
}: Png): Promise<Buffer> {
  const header = Buffer.concat([u32(width), u32(height), Buffer.from([depth, colour, 0, 0, interlaced ? 1 : 0])]);
  const pixels = chunk('IDAT', await deflated(inflated));
  return Buffer.concat([PNG_SIGNATURE, chunk('IHDR', header), ...extra, pixels, chunk('IEND', Buffer.alloc(0))]);
}

const small = { width: 8, height: 8, inflated: 8 * 25 };

export const PNG_BOMBS: Bombs = {
  'PNG of 65535 x 65535': () => png({ width: 65_535, height: 65_535 }),
  'PNG of 2147483647 x 1': () => png({ width: 2 ** 31 - 1, height: 1 }),
  'PNG of 2147483647 x 2147483647': () => png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, colour: 6, depth: 16 }),
  'PNG of 0 x 0': () => png({ width: 0, height: 0 }),
  'PNG of 40 megapixels, of which there are none': () => png({ width: 8000, height: 5000 }),
  'PNG of 40 megapixels in 120 kB': () => png({ width: 8000, height: 5000, inflated: 24_001 * 5000 }),
  'interlaced PNG of 40 megapixels of 16 bits': () =>
    png({ width: 8000, height: 5000, depth: 16, colour: 6, interlaced: true, inflated: 64_004 * 5000 }),
  'PNG of 40000000 x 1': () => png({ width: 40_000_000, height: 1, inflated: 120_000_001 }),
  'interlaced PNG of 1 x 40000000 of 16 bits': () =>
    png({ width: 1, height: 40_000_000, depth: 16, colour: 6, interlaced: true, inflated: 400_000_000 }),
  'PNG of 65535 x 610 of 16 bits': () =>
    png({ width: 65_535, height: 610, depth: 16, colour: 6, inflated: 524_281 * 610 }),
  'PNG of 610 x 65535 of 16 bits': () =>
    png({ width: 610, height: 65_535, depth: 16, colour: 6, inflated: 4881 * 65_535 }),
  'PNG of 1 x 40000000': () => png({ width: 1, height: 40_000_000, colour: 0, inflated: 80_000_000 }),
  'PNG of 8 x 8 with 500 MB of pixels': () => png({ ...small, inflated: 500 * 1024 * 1024 }),
  'PNG with 400 MB of text': async () =>
    png({ ...small, extra: [chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), await deflated(400 * MB)]))] }),
  'PNG with 400 MB of international text': async () =>
    png({
      ...small,
      extra: [chunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0'), await deflated(400 * MB)]))],
    }),
  'PNG with a colour profile of 400 MB': async () =>
    png({ ...small, extra: [chunk('iCCP', Buffer.concat([Buffer.from('profile\0\0'), await deflated(400 * MB)]))] }),
  'PNG with 200000 texts': () => png({ ...small, extra: [repeated(chunk('tEXt', Buffer.from('a\0b')), 200_000)] }),
  'PNG with 16 MB of EXIF': () => png({ ...small, extra: [chunk('eXIf', Buffer.alloc(16 * 1024 * 1024, 'II*\0'))] }),
  'PNG that is said to have 4294967295 frames': () =>
    png({ ...small, extra: [chunk('acTL', Buffer.concat([u32(2 ** 32 - 1), u32(0)]))] }),
  'PNG of a palette without one': () => png({ ...small, colour: 3 }),
  'PNG whose chunk is said to have 2 GB': async () =>
    Buffer.concat([(await png(small)).subarray(0, 33), u32(2 ** 31 - 1), Buffer.from('IDAT'), Buffer.alloc(100)]),
};

const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker]), u16(data.length + 2), data]);

async function jpeg(size: number, options: JpegOptions = {}): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: size * size * 3 }, (_, at) => (at * 7919) % 251));
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .jpeg(options)
    .toBuffer();
}

/** Puts segments behind the marker that a JPEG begins with. */
const withSegments = (bytes: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, 2), ...segments, bytes.subarray(2)]);

/** Where the segment of one of the markers begins. */
function segmentAt(bytes: Buffer, markers: readonly number[]): number {
  let at = 2;
  while (!markers.includes(bytes[at + 1] ?? 0) && at < bytes.length) at += 2 + bytes.readUInt16BE(at + 2);
  return at;
}

const FRAME = [0xc0, 0xc2];

function claiming(bytes: Buffer, width: number, height: number): Buffer {
  const lie = Buffer.from(bytes);
  const at = segmentAt(lie, FRAME);
  lie.writeUInt16BE(height, at + 5);
  lie.writeUInt16BE(width, at + 7);
  return lie;
}

const scan = (from: number, to: number, pixels: number): Buffer =>
  Buffer.concat([segment(0xda, Buffer.from([1, 1, 0, from, to, 0])), Buffer.alloc(pixels)]);

/** A table of one code, which is one bit. */
const huffman = (kind: number, symbol: number): Buffer =>
  segment(0xc4, Buffer.concat([Buffer.from([kind, 1]), Buffer.alloc(15), Buffer.from([symbol])]));

/** A progressive JPEG of 31 megapixels, with scans that each go through all of it and say nothing. */
function manyScans(scans: number): Buffer {
  const side = 5600;
  const blocks = (side / 8) ** 2;
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)])),
    segment(0xc2, Buffer.concat([Buffer.from([8]), u16(side), u16(side), Buffer.from([1, 1, 0x11, 0])])),
    huffman(0x00, 0),
    // The end of 2^14 blocks, in 15 bits.
    huffman(0x10, 0xe0),
    scan(0, 0, Math.ceil(blocks / 8)),
    repeated(scan(1, 63, Math.ceil((blocks / 2 ** 14) * (15 / 8)) + 2), scans),
    Buffer.from([0xff, 0xd9]),
  ]);
}

const exif = (tiff: Buffer): Buffer => segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]));

/** A directory of one entry that is a directory, which is that very one, and so is what follows it. */
const CIRCLE = Buffer.concat([
  Buffer.from('MM\0*'),
  u32(8),
  u16(1),
  Buffer.concat([u16(0x8769), u16(4), u32(1), u32(8)]),
  u32(8),
]);

/** A directory that says it has 65535 entries of 4 GB each. */
const LONG_ENTRIES = Buffer.concat([
  Buffer.from('MM\0*'),
  u32(8),
  u16(65_535),
  repeated(Buffer.concat([u16(0x9286), u16(7), u32(2 ** 32 - 1), u32(8)]), 5000),
]);

const icc = (part: number): Buffer =>
  segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([part, 255]), Buffer.alloc(65_000, part)]));

export const JPEG_BOMBS: Bombs = {
  'JPEG of 65535 x 65535': async () => claiming(await jpeg(32), 65_535, 65_535),
  'JPEG of 65500 x 610, of which there is little': async () => claiming(await jpeg(32), 65_500, 610),
  'progressive JPEG of 6000 x 6000, of which there is little': async () =>
    claiming(await jpeg(32, { progressive: true }), 6000, 6000),
  'JPEG of 0 x 0': async () => claiming(await jpeg(32), 0, 0),
  'JPEG of 90 scans': () => manyScans(90),
  'JPEG of 20000 scans': () => manyScans(20_000),
  'JPEG with 16 MB of EXIF': async () =>
    withSegments(await jpeg(32), repeated(exif(Buffer.alloc(65_000, 'II*\0')), 250)),
  'JPEG whose EXIF goes in a circle': async () => withSegments(await jpeg(32), exif(CIRCLE)),
  'JPEG whose EXIF has long entries': async () => withSegments(await jpeg(32), exif(LONG_ENTRIES)),
  'JPEG with a colour profile of 16 MB': async () =>
    withSegments(await jpeg(32), ...Array.from({ length: 255 }, (_, index) => icc(index + 1))),
  'JPEG with 16 MB of comments': async () =>
    withSegments(await jpeg(32), repeated(segment(0xfe, Buffer.alloc(65_000, 'x')), 250)),
  'JPEG with a million comments': async () =>
    withSegments(await jpeg(32), repeated(segment(0xfe, Buffer.alloc(0)), 1_000_000)),
  'JPEG with 4 million empty bytes between its markers': async () =>
    withSegments(await jpeg(32), Buffer.alloc(4_000_000, 0xff)),
  'JPEG with a film at its end': async () =>
    Buffer.concat([await jpeg(32), repeated(segment(0xda, Buffer.from('a frame of it')), 1000)]),
  'JPEG of 255 channels': () =>
    Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      segment(
        0xc0,
        Buffer.concat([Buffer.from([8]), u16(5000), u16(5000), Buffer.from([255]), Buffer.alloc(765, 0x44)]),
      ),
    ]),
  'JPEG of arithmetic coding without any': async () => {
    const bytes = await jpeg(32);
    bytes[segmentAt(bytes, FRAME) + 1] = 0xc9;
    return bytes;
  },
};
