import { describe, expect, test } from 'vitest';
import { ModelUnavailableError } from '../../src/errors.js';
import { cropGeometry } from '../../src/services/clip/crop-geometry.js';
import { readPreprocessingSpec } from '../../src/services/clip/preprocessing-spec.js';

/** What `openai/clip-vit-base-patch32` has. */
const clip = {
  crop_size: 224,
  do_center_crop: true,
  do_normalize: true,
  do_resize: true,
  feature_extractor_type: 'CLIPFeatureExtractor',
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
  resample: 3,
  size: 224,
};

describe('preprocessing settings', () => {
  test('are read as the three named models have them', () => {
    expect(readPreprocessingSpec(clip, 'clip-ViT-B-32')).toEqual({
      scaling: { kind: 'short-edge', length: 224 },
      cropWidth: 224,
      cropHeight: 224,
      rescaleFactor: 1 / 255,
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    });
  });

  test('are read with sizes as objects', () => {
    const json = {
      ...clip,
      size: { shortest_edge: 112 },
      crop_size: { height: 96, width: 112 },
      rescale_factor: 1 / 127.5,
    };
    expect(readPreprocessingSpec(json, 'x')).toMatchObject({
      scaling: { kind: 'short-edge', length: 112 },
      cropWidth: 112,
      cropHeight: 96,
      rescaleFactor: 1 / 127.5,
    });
  });

  test('are read for a model that stretches and does not crop', () => {
    const json = { ...clip, size: { height: 256, width: 192 }, do_center_crop: false, do_normalize: false };
    expect(readPreprocessingSpec(json, 'x')).toMatchObject({
      scaling: { kind: 'stretch', width: 192, height: 256 },
      cropWidth: 192,
      cropHeight: 256,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
  });

  test.each([
    ['resample', { resample: 2 }, '2'],
    ['size', { size: { longest_edge: 224 } }, '{"longest_edge":224}'],
    ['size', { size: 0 }, '0'],
    ['crop_size', { crop_size: 225 }, '225'],
    ['crop_size', { do_center_crop: false }, '224'],
    ['crop_size', { crop_size: undefined }, 'missing'],
    ['do_resize', { do_resize: false }, 'false'],
    ['do_rescale', { do_rescale: false }, 'false'],
    ['rescale_factor', { rescale_factor: 'a lot' }, '"a lot"'],
    ['image_mean', { image_mean: [0.5] }, '[0.5]'],
    ['image_std', { image_std: [0.2, 0, 0.2] }, '[0.2,0,0.2]'],
  ])('that cannot be honoured are refused: %s', (setting, change, shown) => {
    const read = () => readPreprocessingSpec({ ...clip, ...change }, 'org/odd');
    expect(read).toThrow(ModelUnavailableError);
    expect(read).toThrow(
      `The model "org/odd" asks for preprocessing that is not supported: "${setting}" in its preprocessor_config.json is ` +
        `${shown}. Choose another CLIP model.`,
    );
  });
});

describe('crop geometry', () => {
  const spec = readPreprocessingSpec(clip, 'x');

  test('cuts the long edge and the margins down to whole pixels', () => {
    expect(cropGeometry({ width: 333, height: 500 }, spec)).toEqual({
      scaled: { width: 224, height: 336 },
      left: 0,
      top: 56,
      width: 224,
      height: 224,
    });
    expect(cropGeometry({ width: 503, height: 337 }, spec)).toMatchObject({
      scaled: { width: 334, height: 224 },
      left: 55,
      top: 0,
    });
    // 55.5 is cut to 55: rounding it would move the whole picture by a pixel.
    expect(cropGeometry({ width: 500, height: 334 }, spec)).toMatchObject({ scaled: { width: 335 }, left: 55 });
  });
});
