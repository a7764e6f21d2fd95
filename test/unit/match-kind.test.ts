import { describe, expect, it } from 'vitest';
import { matchKindOf, matchKindThresholds } from '../../src/services/match-kind.js';

const NAMED_MODELS = ['tiny-clip', 'clip-ViT-B-32', 'clip-ViT-B-16', 'clip-ViT-L-14', 'somebody/elses-clip'];

describe.each(NAMED_MODELS)('the kind of a match of %s', (model) => {
  const { sameImage, nearDuplicate } = matchKindThresholds(model);
  const kindAt = (similarity: number) => matchKindOf({ model, similarity, isSameFile: false });

  it('goes from similar to the same image as the similarity rises, with each bound in the higher kind', () => {
    expect([-1, 0, nearDuplicate - 1e-6].map(kindAt)).toEqual(['SIMILAR', 'SIMILAR', 'SIMILAR']);
    expect([nearDuplicate, sameImage - 1e-6].map(kindAt)).toEqual(['NEAR_DUPLICATE', 'NEAR_DUPLICATE']);
    expect([sameImage, 1].map(kindAt)).toEqual(['SAME_IMAGE', 'SAME_IMAGE']);
  });

  it('is the same image for the same file, whatever the similarity', () => {
    expect(matchKindOf({ model, similarity: 0.5, isSameFile: true })).toBe('SAME_IMAGE');
  });

  it('has bounds in order, the upper one below what rounding leaves of 1', () => {
    expect(nearDuplicate).toBeGreaterThan(0.9);
    expect(sameImage).toBeGreaterThan(nearDuplicate);
    expect(sameImage).toBeLessThan(0.999);
  });
});

it('takes bounds of their own, the same ones, for all models that were not measured', () => {
  const [measured, other] = [matchKindThresholds('tiny-clip'), matchKindThresholds('clip-ViT-B-32')];
  expect(other).not.toEqual(measured);
  expect(matchKindThresholds('somebody/elses-clip')).toEqual(other);
});
