import { describe, expect, it } from 'vitest';
import { isFurtherChunkOfUse, type TakenChunk } from '../../src/jobs/further-chunk.js';

const CHUNK = 250;

function taken(given: Partial<TakenChunk> = {}): TakenChunk {
  return { waitingBefore: 0, neededCount: CHUNK, ageMs: 0, ...given };
}

describe('a further chunk', () => {
  it('is of use where few images wait, whoever they wait for', () => {
    expect(isFurtherChunkOfUse(63, taken())).toBe(true);
    expect(isFurtherChunkOfUse(63, taken({ waitingBefore: 400 }))).toBe(true);
  });

  it('is left to others where all images are of one host, which has all that it gets', () => {
    expect(isFurtherChunkOfUse(242, taken())).toBe(false);
    expect(isFurtherChunkOfUse(64, taken({ neededCount: 100 }))).toBe(false);
  });

  it('is of use where a fifth of the hosts answer nothing, however many of their images wait', () => {
    expect(isFurtherChunkOfUse(1050, taken({ waitingBefore: 1000 }))).toBe(true);
  });

  it('is of use where hardly anything of the last one had to be fetched', () => {
    expect(isFurtherChunkOfUse(200, taken({ waitingBefore: 200, neededCount: 1 }))).toBe(true);
  });

  it('is tried after a while all the same', () => {
    expect(isFurtherChunkOfUse(242, taken({ ageMs: 10_001 }))).toBe(true);
  });
});
