/** A unit vector that is the same for the same seed, and as good as unrelated to those of other seeds. */
export function vectorOf(seed: number, dimensions: number): Float32Array {
  const next = uniform(seed);
  return normalised(Array.from({ length: dimensions }, () => next() + next() + next() - 1.5));
}

/** A unit vector near another one: `distance` 0 is the same, 1 as much of something else. */
export function vectorNear(vector: Float32Array, seed: number, distance: number): Float32Array {
  const other = vectorOf(seed, vector.length);
  return normalised(Array.from(vector, (value, index) => value + distance * (other[index] ?? 0)));
}

export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

function normalised(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

/** Numbers from 0 to below 1, the same for the same seed: Mulberry32, of 32 bits of state, by Tommy Ettinger, in the public domain. */
export function uniform(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
