import sharp from 'sharp';

export type Rgb = readonly [red: number, green: number, blue: number];

/** A PNG of one colour. */
export function painted([red, green, blue]: Rgb): Promise<Buffer> {
  const background = { r: red, g: green, b: blue };
  return sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
}
