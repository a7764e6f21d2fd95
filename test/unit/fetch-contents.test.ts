import { describe, expect, it } from 'vitest';
import { preprocessPhotograph } from '../../src/services/clip/preprocess.js';
import type { PreprocessingSpec } from '../../src/services/clip/preprocessing-spec.js';
import { inTurn, photograph, wrongLength, type Answer } from '../support/image-host.js';
import { imageErrorOf, serve, sourceFor } from '../support/image-source-fixture.js';
import { testPhotograph } from '../support/test-photographs.js';

const SPEC: PreprocessingSpec = {
  scaling: { kind: 'short-edge', length: 32 },
  cropWidth: 32,
  cropHeight: 32,
  rescaleFactor: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** Fetches a photograph and decodes it, as a backfill does. */
async function fetchPixels(answer: Answer) {
  const host = await serve({ '/a.jpg': answer });
  const { bytes } = await sourceFor(host, { maxAttempts: 3 }).read(`${host.origin}/a.jpg`);
  return preprocessPhotograph(bytes, SPEC, { maxPixels: 1_000_000 });
}

describe('what a host sends', () => {
  it('is damaged for good when it is cut off at just the length that was declared', async () => {
    const bytes = await testPhotograph(1);
    const cutOff = photograph(bytes.subarray(0, bytes.length / 2));
    expect(await imageErrorOf(fetchPixels(cutOff))).toMatchObject({ reason: 'CORRUPT', isTransient: false });
  });

  it('is no photograph when it is a page, whatever type it is declared as', async () => {
    const page = photograph(Buffer.from('<!doctype html><title>Sold out</title>'), { 'content-type': 'image/jpeg' });
    expect(await imageErrorOf(fetchPixels(page))).toMatchObject({
      reason: 'UNSUPPORTED_FORMAT',
      isTransient: false,
      message: 'The file is an HTML page, which is not accepted: give a JPEG, PNG, WebP, AVIF or GIF photograph.',
    });
  });

  it('is no photograph when it is nothing that is known', async () => {
    const noise = photograph(Buffer.from('no photograph at all'));
    expect(await imageErrorOf(fetchPixels(noise))).toMatchObject({ reason: 'NOT_AN_IMAGE', isTransient: false });
  });

  it('is a photograph when it is one, whatever type it is declared as', async () => {
    const answer = photograph(await testPhotograph(1), { 'content-type': 'text/html; charset=utf-8' });
    expect(await fetchPixels(answer)).toMatchObject({ width: 160, height: 160 });
  });

  it('is taken from one attempt alone when it changes between two', async () => {
    const [before, after] = [Buffer.from('the photograph of before'), Buffer.from('another photograph, of now')];
    const broken = wrongLength(before, before.length + after.length);
    const host = await serve({ '/a.jpg': inTurn(broken, photograph(after, { etag: '"now"' })) });
    const read = sourceFor(host, { maxAttempts: 2 }).read(`${host.origin}/a.jpg`);
    expect(await read).toEqual({ bytes: after, etag: '"now"', lastModified: null });
  });
});
