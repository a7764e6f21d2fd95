import { clockWords } from '../ui/time-words.js';
import { rateWords } from './backfill-words.js';
import { REMEMBERED_MS, type ThroughputSample } from './throughput-samples.js';

/** Where samples are in a square of 100 by 100, its origin at the upper left. */
export interface ThroughputScale {
  /** Images a second at the upper edge. */
  top: number;
  /** How long the square is, in milliseconds; its right edge is the last sample. */
  windowMs: number;
  xOf: (sample: ThroughputSample) => number;
  yOf: (imagesPerSecond: number) => number;
}

const WINDOWS_MS = [30_000, 60_000, 2 * 60_000, 5 * 60_000];

/** A scale that the samples fill, with round numbers at its edges. */
export function scaleOf(samples: readonly ThroughputSample[]): ThroughputScale {
  const endMs = samples.at(-1)?.atMs ?? 0;
  const spanMs = endMs - (samples[0]?.atMs ?? endMs);
  const windowMs = WINDOWS_MS.find((length) => spanMs <= length) ?? REMEMBERED_MS;
  const top = roundUp(Math.max(1, ...samples.map(({ imagesPerSecond }) => imagesPerSecond ?? 0)));
  return {
    top,
    windowMs,
    xOf: ({ atMs }) => 100 - ((endMs - atMs) / windowMs) * 100,
    yOf: (imagesPerSecond) => 100 - (imagesPerSecond / top) * 100,
  };
}

/** To the next of 1, 2, 4, 5, 10, 20, 40, ...: numbers that can be halved. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 10].find((factor) => factor * unit >= value) ?? 10;
  return step * unit;
}

/** The line, broken where nobody worked, and the area below it. */
export function pathsOf(samples: readonly ThroughputSample[], scale: ThroughputScale): { line: string; area: string } {
  const stretches = stretchesOf(samples).map((stretch) =>
    stretch.map(([sample, rate]) => `${scale.xOf(sample).toFixed(2)} ${scale.yOf(rate).toFixed(2)}`),
  );
  return {
    // A stretch of one sample is a dot.
    line: stretches.map((points) => `M${points.join('L')}${points.length === 1 ? 'h0' : ''}`).join(''),
    area: stretches
      .map((points) => {
        const [firstX, lastX] = [points[0], points.at(-1)].map((point) => point?.split(' ', 1).join('') ?? '');
        return `M${firstX} 100L${points.join('L')}L${lastX} 100Z`;
      })
      .join(''),
  };
}

function stretchesOf(samples: readonly ThroughputSample[]): [ThroughputSample, number][][] {
  const stretches: [ThroughputSample, number][][] = [[]];
  for (const sample of samples) {
    if (sample.imagesPerSecond === null) stretches.push([]);
    else stretches.at(-1)?.push([sample, sample.imagesPerSecond]);
  }
  return stretches.filter((stretch) => stretch.length > 0);
}

/** "At 12:03:05: 38 images a second". */
export function sampleWords({ atMs, imagesPerSecond }: ThroughputSample): string {
  return `At ${clockWords(atMs)}: ${imagesPerSecond === null ? 'no images counted' : rateWords(imagesPerSecond)}`;
}

/** The chart in a sentence. */
export function summaryOf(samples: readonly ThroughputSample[]): string {
  const rates = samples.flatMap(({ imagesPerSecond }) => (imagesPerSecond === null ? [] : [imagesPerSecond]));
  const last = samples.at(-1)?.imagesPerSecond ?? null;
  if (rates.length === 0) return 'Nobody has worked on it yet.';
  const now = last === null ? 'Nobody works on it now' : `${rateWords(last)} now`;
  return `${now}; from ${rateWords(Math.min(...rates))} to ${rateWords(Math.max(...rates))} since the page was opened.`;
}
