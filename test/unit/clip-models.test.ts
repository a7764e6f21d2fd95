import { cp, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ModelUnavailableError } from '../../src/errors.js';
import { bundledModelFolder, listModels, resolveModel } from '../../src/services/clip/clip-models.js';

const namesThereAre =
  'CLIP_MODEL takes clip-ViT-B-32, clip-ViT-B-16, clip-ViT-L-14, tiny-clip, the id of a CLIP model on the Hugging Face hub ' +
  '(org/name), or a folder (./my-model).';

describe('CLIP_MODEL', () => {
  test.each([
    ['clip-ViT-B-32', 'Xenova/clip-vit-base-patch32', 512],
    ['clip-ViT-B-16', 'Xenova/clip-vit-base-patch16', 512],
    ['clip-ViT-L-14', 'Xenova/clip-vit-large-patch14', 768],
  ])('names OpenAI weights on the hub: %s', (name, id, dimensions) => {
    expect(resolveModel(name)).toEqual({ name, source: { kind: 'hub', id }, dimensions });
  });

  test('names the bundled model', () => {
    expect(resolveModel('tiny-clip')).toMatchObject({ source: { kind: 'folder', folder: bundledModelFolder } });
  });

  test('takes any id of the hub, which is then the name', () => {
    const source = { kind: 'hub', id: 'acme/fashion-clip.v2' };
    expect(resolveModel('acme/fashion-clip.v2')).toEqual({ name: 'acme/fashion-clip.v2', source, dimensions: null });
  });

  test.each([
    ['/srv/models/shoes', '/srv/models/shoes', 'shoes'],
    ['./shoes/', resolve('shoes'), 'shoes'],
    ['../shoes', resolve('..', 'shoes'), 'shoes'],
    ['~/shoes', join(homedir(), 'shoes'), 'shoes'],
  ])('takes a folder, whose name is the name of the model: %s', (model, folder, name) => {
    expect(resolveModel(model)).toEqual({ name, source: { kind: 'folder', folder }, dimensions: null });
  });

  test.each(['ViT-B/32', 'clip-vit-b-32', 'CLIP_ViT_B32'])('suggests the name that was meant by %s', (model) => {
    expect(() => resolveModel(model)).toThrow(
      new ModelUnavailableError(`There is no model "${model}". Did you mean clip-ViT-B-32? ${namesThereAre}`),
    );
  });

  test.each(['resnet50', 'a/b/c', '-/x', 'https://huggingface.co/acme/clip'])(
    'says which names there are for %s',
    (model) => {
      expect(() => resolveModel(model)).toThrow(
        new ModelUnavailableError(`There is no model "${model}". ${namesThereAre}`),
      );
    },
  );
});

test('the list of models says which of them are on this machine', async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'lookalike-models-'));
  onTestFinished(() => rm(cacheDir, { recursive: true }));
  await cp(bundledModelFolder, join(cacheDir, 'Xenova', 'clip-vit-base-patch16'), { recursive: true });
  const models = listModels({ cacheDir });
  expect(models.map(({ name, dimensions, isDownloaded }) => [name, dimensions, isDownloaded])).toEqual([
    ['clip-ViT-B-32', 512, false],
    ['clip-ViT-B-16', 512, true],
    ['clip-ViT-L-14', 768, false],
    ['tiny-clip', 512, true],
  ]);
  expect(models[1]?.folder).toBe(join(cacheDir, 'Xenova', 'clip-vit-base-patch16'));
});
