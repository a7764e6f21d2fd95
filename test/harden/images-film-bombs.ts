import sharp from 'sharp';
import { repeated, type Bombs } from './images-still-bombs.js';

const le16 = (value: number): Buffer => Buffer.from([value & 0xff, (value >>> 8) & 0xff]);
const le24 = (value: number): Buffer => Buffer.from([value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff]);
const le32 = (value: number): Buffer => Buffer.concat([le16(value & 0xffff), le16(value >>> 16)]);

/** A GIF's screen with a palette of two colours. */
const screen = (width: number, height: number): Buffer =>
  Buffer.concat([
    Buffer.from('GIF89a'),
    le16(width),
    le16(height),
    Buffer.from([0x80, 0, 0]),
    Buffer.from([0, 0, 0, 255, 255, 255]),
  ]);

const GIF_END = Buffer.from([0x3b]);

/** Clear, one pixel, end, in codes of three bits. */
const ONE_PIXEL = Buffer.from([2, 2, 0x44, 0x01, 0]);

const frame = (width: number, height: number, pixels: Buffer = ONE_PIXEL): Buffer =>
  Buffer.concat([Buffer.from([0x2c]), le16(0), le16(0), le16(width), le16(height), Buffer.from([0]), pixels]);

const gif = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, GIF_END]);

const COMMENT = Buffer.concat([Buffer.from([0x21, 0xfe, 255]), Buffer.alloc(255, 'x'), Buffer.from([0])]);

/** The pixels of a real picture, from the code size on. */
async function gifPixels(width: number, height: number): Promise<Buffer> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: '#000' } })
    .gif({ colours: 2, effort: 1 })
    .toBuffer();
  return bytes.subarray(bytes.lastIndexOf(Buffer.concat([le16(width), le16(height)])) + 5, -1);
}

export const GIF_BOMBS: Bombs = {
  'GIF of 65535 x 65535': () => gif(screen(65_535, 65_535), frame(1, 1)),
  'GIF of 1 x 1 with a frame of 65535 x 65535': () => gif(screen(1, 1), frame(65_535, 65_535)),
  'GIF of 0 x 0': () => gif(screen(0, 0), frame(0, 0)),
  'GIF of 6000 x 6000 in 30 kB': async () => gif(screen(6000, 6000), frame(6000, 6000, await gifPixels(6000, 6000))),
  'GIF of 300 frames of 6000 x 6000': async () =>
    gif(screen(6000, 6000), repeated(frame(6000, 6000, await gifPixels(6000, 6000)), 300)),
  'GIF of 2000 frames': () => gif(screen(8, 8), repeated(frame(1, 1), 2000)),
  'GIF of a million frames': () => gif(screen(8, 8), repeated(frame(1, 1), 1_000_000)),
  'GIF of 100000 frames that say they are large': () => gif(screen(6000, 6000), repeated(frame(6000, 6000), 100_000)),
  'GIF with 20 MB of comments': () => gif(screen(8, 8), repeated(COMMENT, 78_000), frame(1, 1)),
  'GIF of comments and no frame': () => gif(screen(8, 8), repeated(COMMENT, 78_000)),
  'GIF whose pixels never end': () => Buffer.concat([screen(8, 8), frame(8, 8, Buffer.alloc(19_000_000, 1))]),
};

const webpChunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type), le32(data.length), data, Buffer.alloc(data.length % 2)]);

const riff = (...chunks: Buffer[]): Buffer => webpChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));

const ANIMATED = 0x02;
const WITH_EXIF = 0x08;
const WITH_XMP = 0x04;
const WITH_PROFILE = 0x20;

const canvas = (width: number, height: number, flags: number): Buffer =>
  webpChunk('VP8X', Buffer.concat([Buffer.from([flags, 0, 0, 0]), le24(width - 1), le24(height - 1)]));

const ANIMATION = webpChunk('ANIM', Buffer.alloc(6));

/** The chunk with the pixels of a real picture. */
async function webpPixels(width: number, height: number): Promise<Buffer> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: '#123' } })
    .webp({ lossless: true, effort: 0 })
    .toBuffer();
  return bytes.subarray(12);
}

const animationFrame = (width: number, height: number, pixels: Buffer): Buffer =>
  webpChunk(
    'ANMF',
    Buffer.concat([le24(0), le24(0), le24(width - 1), le24(height - 1), le24(10), Buffer.from([0]), pixels]),
  );

async function film(frames: number, size: number): Promise<Buffer> {
  const one = animationFrame(size, size, await webpPixels(size, size));
  return riff(canvas(size, size, ANIMATED), ANIMATION, repeated(one, frames));
}

async function webpClaiming(size: number): Promise<Buffer> {
  const pixels = Buffer.from(await webpPixels(8, 8));
  // Behind the signature of lossless pixels: 14 bits of each side less one.
  pixels.writeUInt32LE((size - 1) | ((size - 1) << 14), 9);
  return riff(pixels);
}

const withMetadata = async (flags: number, type: string): Promise<Buffer> =>
  riff(canvas(8, 8, flags), webpChunk(type, Buffer.alloc(18_000_000, 'II*\0')), await webpPixels(8, 8));

export const WEBP_BOMBS: Bombs = {
  'WebP of 16384 x 16384 with pixels for 8 x 8': () => webpClaiming(16_384),
  'WebP of 6000 x 6000 with pixels for 8 x 8': () => webpClaiming(6000),
  'WebP of 16777216 x 16777216': async () => riff(canvas(2 ** 24, 2 ** 24, 0), await webpPixels(8, 8)),
  'WebP of 6300 x 6300 in 38 bytes': async () => riff(await webpPixels(6300, 6300)),
  'WebP of 400000 frames': () => film(400_000, 1),
  'WebP of 2000 frames': () => film(2000, 1),
  'WebP of 20000 frames': () => film(20_000, 1),
  'WebP of 1000 frames of 6000 x 6000': () => film(1000, 6000),
  'WebP whose frame is larger than its canvas': async () =>
    riff(canvas(8, 8, ANIMATED), ANIMATION, animationFrame(6000, 6000, await webpPixels(6000, 6000))),
  'WebP whose frames are within each other': async () => {
    let nested = await webpPixels(8, 8);
    for (let depth = 0; depth < 3000; depth += 1) nested = animationFrame(8, 8, nested);
    return riff(canvas(8, 8, ANIMATED), ANIMATION, nested);
  },
  'WebP that says it has 4 GB': async () => {
    const bytes = Buffer.from(riff(await webpPixels(8, 8)));
    bytes.writeUInt32LE(2 ** 32 - 10, 4);
    return bytes;
  },
  'WebP with 18 MB of EXIF': () => withMetadata(WITH_EXIF, 'EXIF'),
  'WebP with 18 MB of XMP': () => withMetadata(WITH_XMP, 'XMP '),
  'WebP with a colour profile of 18 MB': () => withMetadata(WITH_PROFILE, 'ICCP'),
  'WebP of two million chunks that nobody knows': async () =>
    riff(canvas(8, 8, 0), repeated(webpChunk('junk', Buffer.alloc(0)), 2_000_000), await webpPixels(8, 8)),
};
