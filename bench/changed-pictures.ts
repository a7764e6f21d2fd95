import sharp from 'sharp';

/** Something that happens to a picture on its way into a shop, after which it is still the same picture. */
export interface PictureChange {
  name: string;
  /** Whether a person would call the two files the same picture, and not one a version of the other. */
  isSame: boolean;
  apply: (photograph: Buffer) => Promise<Buffer>;
}

const jpeg = (quality: number): PictureChange => ({
  name: `JPEG, quality ${quality}`,
  isSame: true,
  apply: (photograph) => sharp(photograph).jpeg({ quality }).toBuffer(),
});

const webp = (quality: number): PictureChange => ({
  name: `WebP, quality ${quality}`,
  isSame: true,
  apply: (photograph) => sharp(photograph).webp({ quality }).toBuffer(),
});

const resized = (factor: number): PictureChange => ({
  name: `resized to ${factor}x`,
  isSame: true,
  apply: async (photograph) => {
    const { width } = await sharp(photograph).metadata();
    const resizedTo = Math.round(width * factor);
    return sharp(photograph).resize(resizedTo).jpeg({ quality: 90 }).toBuffer();
  },
});

/** Takes so many percent of width and height away, half of it on each side. */
const trimmed = (percent: number): PictureChange => ({
  name: `trimmed by ${percent} %`,
  isSame: false,
  apply: (photograph) => cut(photograph, percent, 0.5),
});

/** The same, all of it on the left and at the top. */
const cutOff = (percent: number): PictureChange => ({
  name: `cut off by ${percent} %`,
  isSame: false,
  apply: (photograph) => cut(photograph, percent, 1),
});

async function cut(photograph: Buffer, percent: number, shareBefore: number): Promise<Buffer> {
  const { width, height } = await sharp(photograph).metadata();
  const [lostWidth, lostHeight] = [(width * percent) / 100, (height * percent) / 100].map(Math.round);
  return sharp(photograph)
    .extract({
      left: Math.round((lostWidth ?? 0) * shareBefore),
      top: Math.round((lostHeight ?? 0) * shareBefore),
      width: width - (lostWidth ?? 0),
      height: height - (lostHeight ?? 0),
    })
    .jpeg({ quality: 90 })
    .toBuffer();
}

const brightened = (factor: number): PictureChange => ({
  name: `brightness ${factor}x`,
  isSame: false,
  apply: (photograph) => sharp(photograph).modulate({ brightness: factor }).jpeg({ quality: 90 }).toBuffer(),
});

export const PICTURE_CHANGES: readonly PictureChange[] = [
  jpeg(90),
  jpeg(75),
  jpeg(60),
  webp(80),
  resized(0.5),
  resized(2),
  trimmed(2),
  trimmed(5),
  trimmed(8),
  cutOff(2),
  cutOff(5),
  cutOff(8),
  brightened(0.9),
  brightened(1.1),
];
