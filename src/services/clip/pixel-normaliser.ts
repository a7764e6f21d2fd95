import type { ImageBatch } from './encoder-messages.js';
import type { PreprocessingSpec } from './preprocessing-spec.js';

/** What a model takes: `dims` is `[images, 3, height, width]`. */
export interface NormalisedBatch {
  data: Float32Array;
  dims: [number, number, number, number];
}

/** Turns bytes, RGB side by side, into the model's numbers, one plane a channel, in one buffer that is used again and again. */
export class PixelNormaliser {
  private readonly buffer: Float32Array;
  /** For each channel, what each of the 256 bytes comes to: `(byte * rescaleFactor - mean) / std`. */
  private readonly tables: readonly Float32Array[];
  private readonly planeSize: number;

  constructor(
    private readonly spec: PreprocessingSpec,
    maxBatch: number,
  ) {
    this.planeSize = spec.cropWidth * spec.cropHeight;
    this.buffer = new Float32Array(maxBatch * 3 * this.planeSize);
    this.tables = [0, 1, 2].map((channel) => tableOf(spec, channel));
  }

  /** @returns numbers that are valid until the next call. */
  normalise({ count, pixels }: ImageBatch): NormalisedBatch {
    const { cropWidth, cropHeight } = this.spec;
    const data = this.buffer.subarray(0, count * 3 * this.planeSize);
    for (let image = 0; image < count; image++) {
      this.tables.forEach((table, channel) => {
        this.fillPlane(data, pixels, { table, from: image * 3 * this.planeSize + channel, plane: image * 3 + channel });
      });
    }
    return { data, dims: [count, 3, cropHeight, cropWidth] };
  }

  private fillPlane(
    data: Float32Array,
    pixels: Uint8Array,
    { table, from, plane }: { table: Float32Array; from: number; plane: number },
  ): void {
    const start = plane * this.planeSize;
    for (let index = 0; index < this.planeSize; index++) {
      data[start + index] = table[pixels[from + index * 3] ?? 0] ?? 0;
    }
  }
}

function tableOf({ rescaleFactor, mean, std }: PreprocessingSpec, channel: number): Float32Array {
  const channelMean = mean[channel] ?? 0;
  const channelStd = std[channel] ?? 1;
  return Float32Array.from({ length: 256 }, (_, byte) => (byte * rescaleFactor - channelMean) / channelStd);
}
