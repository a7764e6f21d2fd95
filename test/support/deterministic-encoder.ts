import { checkPixels } from '../../src/services/clip/clip-encoder.js';
import { noTextTower } from '../../src/services/clip/clip-models.js';
import type { ClipEncoder, EncodeOptions, MakePixels } from '../../src/services/clip/image-encoder.js';
import { InferenceQueue } from '../../src/services/clip/inference-queue.js';
import type { PreprocessingSpec } from '../../src/services/clip/preprocessing-spec.js';
import { toUnitVector } from '../../src/services/clip/unit-vector.js';
import type { Pixels } from '../../src/types.js';
import { vectorOf } from './vectors.js';

/** The same input size as the bundled model. */
const PREPROCESSING: PreprocessingSpec = {
  scaling: { kind: 'short-edge', length: 112 },
  cropWidth: 112,
  cropHeight: 112,
  rescaleFactor: 1 / 255,
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

const NAME = 'deterministic';

export interface DeterministicEncoderOptions {
  /** Another one than the usual makes another model: what it takes for alike differs, and so does its dimension. */
  name?: string;
  /** Cells along each side of the picture: 13 for the usual model, 4 for others. The fewer, the coarser it looks. */
  grid?: number;
  /** Length of the vectors: 512 for a grid of 13, 64 for one of 4. At least `3 * grid * grid`. */
  dimensions?: number;
  /** Whether it has a text tower; it has. */
  hasText?: boolean;
  /** Searches by photograph that may wait, and as many by words. */
  maxQueued?: number;
  /** Is waited for before each batch. */
  beforeBatch?: () => Promise<void>;
}

/**
 * An encoder without a model: the mean colour of each cell of a grid, red, green and blue; the numbers left over are constant,
 * so that no vector is zero. Pictures that look alike have vectors that are alike, and the same pixels always have the same
 * vector. It has the queue of the real one.
 *
 * A word for a colour has the vector of a picture of that colour all over, any other word one that is as good as unrelated to
 * everything, and several words the mean of theirs.
 */
export function makeDeterministicEncoder(options: DeterministicEncoderOptions = {}): ClipEncoder {
  const { name = NAME, hasText = true } = options;
  const { grid = name === NAME ? 13 : 4 } = options;
  const { dimensions = Math.ceil((3 * grid * grid) / 64) * 64 } = options;
  const means = (pixels: Pixels) => toUnitVector(cellMeans(pixels, grid, dimensions), dimensions);
  const { maxQueued = 1000, beforeBatch } = options;
  const limits = { maxBatch: 4, maxQueued };
  const pictures = new InferenceQueue<Pixels>({
    ...limits,
    run: async (batch) => {
      await beforeBatch?.();
      return batch.map((pixels) => ({ vector: means(pixels) }));
    },
  });
  const texts = new InferenceQueue<string>({
    ...limits,
    run: async (batch) => {
      await beforeBatch?.();
      return batch.map((text) => ({ vector: textVector(text, dimensions, means) }));
    },
  });
  return {
    model: { name, dimensions },
    preprocessing: PREPROCESSING,
    encode: async (pixels: Pixels | MakePixels, options: EncodeOptions) => {
      if (typeof pixels !== 'function') return pictures.add(checkPixels(pixels, PREPROCESSING), options);
      return pictures.addMade(async () => checkPixels(await pixels(), PREPROCESSING), options);
    },
    checkRoom: () => pictures.checkRoom(),
    encodeText: async (text, { signal } = {}) => {
      if (!hasText) throw noTextTower(name);
      return texts.add(text, { priority: 'search', signal });
    },
    close: async () => {
      await Promise.all([pictures.close(), texts.close()]);
    },
  };
}

function cellMeans({ data, width, height }: Pixels, grid: number, dimensions: number): Float32Array {
  const sums = new Float32Array(dimensions).fill(0.01);
  const pixelsPerCell = (width * height) / (grid * grid);
  for (let index = 0; index < data.length; index += 3) {
    const pixel = index / 3;
    const row = Math.floor((Math.floor(pixel / width) * grid) / height);
    const column = Math.floor(((pixel % width) * grid) / width);
    for (let channel = 0; channel < 3; channel += 1) {
      const at = (row * grid + column) * 3 + channel;
      sums[at] = (sums[at] ?? 0) + ((data[index + channel] ?? 0) / 255 - 0.5) / pixelsPerCell;
    }
  }
  return sums;
}

/** Words that it looks at. */
const CONTEXT = 75;

type Colour = readonly [red: number, green: number, blue: number];

/** The colours that texts may name, with CSS's values. */
export const COLOURS: Readonly<Record<string, Colour>> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  grey: [128, 128, 128],
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
  orange: [255, 165, 0],
  purple: [128, 0, 128],
  pink: [255, 192, 203],
  brown: [165, 42, 42],
};

function textVector(text: string, dimensions: number, means: (pixels: Pixels) => Float32Array): Float32Array {
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [''];
  const vectors = words.slice(0, CONTEXT).map((word) => {
    const colour = Object.hasOwn(COLOURS, word) ? COLOURS[word] : undefined;
    return colour === undefined ? vectorOf(hashOf(word), dimensions) : means(plainPicture(colour));
  });
  const sum = new Float32Array(dimensions);
  for (const vector of vectors) vector.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + value));
  return toUnitVector(sum, dimensions);
}

function plainPicture(colour: Colour): Pixels {
  const { cropWidth: width, cropHeight: height } = PREPROCESSING;
  return { data: Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3] ?? 0), width, height };
}

/** FNV-1a of 32 bits, as its authors publish it. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (const letter of word) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
