import sharp from 'sharp';
import type { SeededRandom } from '../demo/seeded-random.js';

export interface PictureSize {
  width: number;
  height: number;
}

/** Blocks of colour in a picture. */
const BLOCKS = 4;

/**
 * Draws something with edges, areas and grain, as photographs have.
 *
 * @returns a JPEG: some 200 KB at 1024 x 768.
 */
export async function drawPhotograph(random: SeededRandom, { width, height }: PictureSize): Promise<Buffer> {
  const upTo = (high: number) => integer(random, 0, high);
  const colour = () => ({ r: upTo(255), g: upTo(255), b: upTo(255) });
  const block = async () => {
    const size = { width: share(random, width), height: share(random, height) };
    const input = await sharp({ create: { ...size, channels: 3, background: colour() } })
      .png()
      .toBuffer();
    return { input, left: upTo(width - size.width), top: upTo(height - size.height) };
  };
  const grain = { type: 'gaussian', mean: 128, sigma: 12 } as const;
  const noise = await sharp({ create: { width, height, channels: 3, background: '#808080', noise: grain } })
    .png()
    .toBuffer();
  const blocks = await Promise.all(Array.from({ length: BLOCKS }, block));
  return sharp({ create: { width, height, channels: 3, background: colour() } })
    .composite([...blocks, { input: noise, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** A tenth to a half of a side. */
function share(random: SeededRandom, side: number): number {
  return integer(random, Math.ceil(side / 10), Math.floor(side / 2));
}

/** A whole number, both ends included. */
export function integer(random: SeededRandom, low: number, high: number): number {
  return Math.floor(random.between(low, high + 1));
}

/** The same picture in other bytes: with a comment behind the first marker of a JPEG. */
export function withComment(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment);
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, text, jpeg.subarray(2)]);
}
