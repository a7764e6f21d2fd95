import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { SeededRandom } from '../../demo/seeded-random.js';

/** A file to be looked at. */
export interface Picture {
  /** What it is and what was done to it. */
  name: string;
  bytes: Buffer;
}

const [WIDTH, HEIGHT] = [48, 40];

/** Frames of noise, one above the other. */
function noise(random: SeededRandom, frames = 1): Sharp {
  const data = Buffer.from(Array.from({ length: WIDTH * HEIGHT * frames * 4 }, () => random.between(0, 256)));
  const raw = {
    width: WIDTH,
    height: HEIGHT * frames,
    channels: 4,
    ...(frames > 1 && { pageHeight: HEIGHT }),
  } as const;
  return sharp(data, { raw, ...(frames > 1 && { animated: true }) }).blur(2);
}

/** Valid pictures of all formats that are accepted. */
export async function validPictures(random: SeededRandom): Promise<Picture[]> {
  const made: Record<string, Sharp> = {
    JPEG: noise(random).jpeg(),
    'progressive JPEG': noise(random).jpeg({ progressive: true }),
    'JPEG turned by its EXIF': noise(random).withMetadata({ orientation: 6 }).jpeg(),
    'JPEG with a profile': noise(random).withIccProfile('p3').jpeg(),
    'CMYK JPEG': noise(random).removeAlpha().toColourspace('cmyk').jpeg(),
    PNG: noise(random).png(),
    'PNG of 16 bits': noise(random).toColourspace('rgb16').png(),
    'interlaced PNG': noise(random).png({ progressive: true }),
    'PNG of a palette': noise(random).png({ palette: true }),
    WebP: noise(random).webp(),
    'lossless WebP': noise(random).webp({ lossless: true }),
    'animated WebP': noise(random, 3).webp(),
    GIF: noise(random).gif(),
    'animated GIF': noise(random, 3).gif(),
    AVIF: noise(random).avif({ effort: 0 }),
  };
  return Promise.all(Object.entries(made).map(async ([name, picture]) => ({ name, bytes: await picture.toBuffer() })));
}

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** What stands beside sizes, lengths and counts in the five formats, in Latin-1. */
const LANDMARKS = [
  ...['\xff\xc0', '\xff\xc2', '\xff\xc4', '\xff\xda', '\xff\xdb', '\xff\xe1', '\xff\xe2', 'Exif', 'ICC_PROFILE'],
  ...['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'RIFF', 'VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF'],
  ...['GIF89a', '\x21\xf9\x04', '\x21\xff\x0b', '\x2c\0\0\0\0', 'ftyp', 'meta', 'hdlr', 'pitm', 'iloc', 'iinf', 'infe'],
  ...['iprp', 'ipco', 'ispe', 'pixi', 'av1C', 'colr', 'ipma', 'auxC', 'iref', 'mdat'],
];

const REACH_BYTES = 24;

type Mutate = (bytes: Buffer, random: SeededRandom) => Buffer;

const below = (random: SeededRandom, limit: number): number => Math.floor(random.between(0, limit));

function randomBytes(random: SeededRandom, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => below(random, 256)));
}

/** A beginning and an end within the bytes, at most so far from each other. */
function part(bytes: Buffer, random: SeededRandom, longest: number): [start: number, end: number] {
  const start = below(random, bytes.length);
  return [start, Math.min(start + 1 + below(random, longest), bytes.length)];
}

const truncate: Mutate = (bytes, random) => bytes.subarray(0, 1 + below(random, bytes.length));

const flipBits: Mutate = (bytes, random) => {
  const mutant = Buffer.from(bytes);
  for (let left = 1 + below(random, 16); left > 0; left -= 1) {
    const at = below(random, bytes.length);
    mutant[at] = (mutant[at] ?? 0) ^ (1 << below(random, 8));
  }
  return mutant;
};

const overwriteRun: Mutate = (bytes, random) => {
  const mutant = Buffer.from(bytes);
  const [start, end] = part(bytes, random, 200);
  const isRandom = random.next() < 0.5;
  mutant.fill(isRandom ? randomBytes(random, end - start) : random.pick([0, 0x7f, 0x80, 0xff]), start, end);
  return mutant;
};

const removeRun: Mutate = (bytes, random) => {
  const [start, end] = part(bytes, random, 200);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
};

const repeatRun: Mutate = (bytes, random) => {
  const [start, end] = part(bytes, random, 400);
  const again = Array.from({ length: 1 + below(random, 50) }, () => bytes.subarray(start, end));
  return Buffer.concat([bytes.subarray(0, end), ...again, bytes.subarray(end)]);
};

/** Writes extremes where sizes, lengths, types and counts are. */
const lie: Mutate = (bytes, random) => {
  const mutant = Buffer.from(bytes);
  const places = LANDMARKS.map((landmark) => bytes.indexOf(landmark, 0, 'latin1')).filter((at) => at >= 0);
  for (let left = 1 + below(random, 3); left > 0; left -= 1) {
    const width = random.pick([1, 2, 4] as const);
    const at = (random.next() < 0.8 ? random.pick(places) - 4 : 0) + below(random, REACH_BYTES + 8);
    if (at < 0 || at + width > mutant.length) continue;
    const value = random.pick(EXTREMES) & (width === 4 ? -1 : 2 ** (8 * width) - 1);
    if (random.next() < 0.5) mutant.writeUIntBE(value >>> 0, at, width);
    else mutant.writeUIntLE(value >>> 0, at, width);
  }
  return mutant;
};

const PNG_HEAD_BYTES = 8;

/** Puts right the check sums of a PNG, so that the rest of it is looked at. */
function withCheckSums(bytes: Buffer): Buffer {
  const mended = Buffer.from(bytes);
  let at = PNG_HEAD_BYTES;
  while (bytes.toString('latin1', 1, 4) === 'PNG' && at + 12 <= mended.length) {
    const end = at + 8 + mended.readUInt32BE(at);
    if (end + 4 > mended.length) break;
    mended.writeUInt32BE(crc32(mended.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return mended;
}

const MUTATIONS: Record<string, Mutate> = {
  'cut short': truncate,
  'of flipped bits': flipBits,
  'written over': overwriteRun,
  'with a gap': removeRun,
  'that stammers': repeatRun,
  'that lies': lie,
  'that lies with the right check sums': (bytes, random) => withCheckSums(lie(bytes, random)),
  'of flipped bits with the right check sums': (bytes, random) => withCheckSums(flipBits(bytes, random)),
};

/** Pictures with something wrong about them: those that are valid, mutated or spliced with another one. */
export function* mutants(valid: readonly Picture[], random: SeededRandom, count: number): Generator<Picture> {
  for (let index = 0; index < count; index += 1) {
    const { name, bytes } = random.pick(valid);
    const what = random.pick([...Object.keys(MUTATIONS), 'spliced']);
    const mutate = MUTATIONS[what] ?? ((first: Buffer) => splice(first, random.pick(valid).bytes, random));
    yield { name: `${index}: ${name} ${what}`, bytes: mutate(bytes, random) };
  }
}

function splice(first: Buffer, second: Buffer, random: SeededRandom): Buffer {
  const [start, end] = [below(random, Math.min(first.length, 400)), below(random, second.length)];
  return Buffer.concat([first.subarray(0, start), second.subarray(end)]);
}
