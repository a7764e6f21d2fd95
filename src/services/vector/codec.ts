import type { ModelIdentity } from '../../types.js';

/** How far the length of a vector may be from 1: what rounding of 32-bit floats adds up to, and some. */
const LENGTH_TOLERANCE = 1e-3;

const HEADER_BYTES = 4;
const FLOAT_BYTES = 4;

/**
 * Encodes a vector as pgvector's binary format (`vector_send` in its `vector.c`): its dimension and a zero as 16-bit
 * integers, then its numbers as 32-bit floats, all big-endian. A `Buffer` parameter travels as it is, so
 * `$1::vector::halfvec(512)` reads it without any text in between.
 *
 * A raw `Float32Array` must never be a parameter: `pg` sends its bytes in the machine's order without a word.
 *
 * @param vector - of length `model.dimensions`, L2-normalised.
 * @throws RangeError for any other vector, so that none gets into the database.
 */
export function encodeVector(vector: Float32Array, model: ModelIdentity): Buffer {
  checkVector(vector, model);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + FLOAT_BYTES * vector.length);
  bytes.writeInt16BE(vector.length, 0);
  bytes.writeInt16BE(0, 2);
  vector.forEach((value, index) => bytes.writeFloatBE(value, HEADER_BYTES + FLOAT_BYTES * index));
  return bytes;
}

/**
 * Decodes what {@link encodeVector} makes and `vector_send` gives.
 *
 * @throws RangeError where it is no vector.
 */
export function decodeVector(bytes: Buffer): Float32Array {
  const dimensions = bytes.length < HEADER_BYTES ? 0 : bytes.readInt16BE(0);
  if (dimensions < 1 || bytes.length !== HEADER_BYTES + FLOAT_BYTES * dimensions) {
    throw new RangeError(`${bytes.length} bytes are no vector of pgvector.`);
  }
  return Float32Array.from({ length: dimensions }, (_, index) => bytes.readFloatBE(HEADER_BYTES + FLOAT_BYTES * index));
}

function checkVector(vector: Float32Array, { name, dimensions }: ModelIdentity): void {
  if (vector.length !== dimensions) {
    throw new RangeError(`A vector of "${name}" has ${dimensions} numbers, and this one has ${vector.length}.`);
  }
  const wrong = vector.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) {
    throw new RangeError(
      `A vector has finite numbers only, and number ${wrong} of this one is ${vector[wrong] ?? NaN}.`,
    );
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (Math.abs(length - 1) > LENGTH_TOLERANCE) {
    throw new RangeError(`A vector has length 1, and this one has ${length.toFixed(4)}.`);
  }
}
