import { createHash } from 'node:crypto';
import { preprocessPhotograph } from '../../src/services/clip/preprocess.js';
import { makeDeterministicEncoder } from './deterministic-encoder.js';
import { testPhotograph } from './test-photographs.js';

/** Numbers from 1 to this one have photographs of their own. */
export const MOST_PHOTOGRAPHS = 80;

interface Known {
  bytes: Buffer;
  /** SHA-256 in hexadecimal. */
  hash: string;
  vector: Float32Array;
}

const encoder = makeDeterministicEncoder();
const known = new Map<number, Promise<Known>>();

/** The photograph of a number, and the vector that has to be stored of it. */
export function knownPhotograph(number: number): Promise<Known> {
  const there = known.get(number);
  if (there !== undefined) return there;
  const making = make(number);
  known.set(number, making);
  return making;
}

async function make(number: number): Promise<Known> {
  const bytes = await testPhotograph(number);
  const { pixels } = await preprocessPhotograph(bytes, encoder.preprocessing, { maxPixels: 1_000_000 });
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { bytes, hash, vector: await encoder.encode(pixels, { priority: 'backfill' }) };
}
