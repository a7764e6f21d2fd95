import sharp from 'sharp';

/** Colours far enough apart for any encoder. */
const COLOURS = ['#c0392b', '#2980b9', '#27ae60', '#f1c40f', '#8e44ad', '#e67e22', '#16a085', '#2c3e50'];

/**
 * A photograph of its own for each number: a coloured ground with a block whose place, size and colour vary. Numbers that
 * differ by the count of colours share the ground, and so look more alike than others.
 *
 * @returns A JPEG of 160 x 160 pixels, always the same.
 */
export async function testPhotograph(number: number): Promise<Buffer> {
  const background = COLOURS[number % COLOURS.length] ?? '#000000';
  const block = COLOURS[(number * 3 + 1) % COLOURS.length] ?? '#ffffff';
  const [left, top] = [(number * 29) % 80, (number * 53) % 80];
  const overlay = await sharp({ create: { width: 70, height: 60, channels: 3, background: block } })
    .png()
    .toBuffer();
  return sharp({ create: { width: 160, height: 160, channels: 3, background } })
    .composite([{ input: overlay, left, top }])
    .jpeg({ quality: 92 })
    .toBuffer();
}
