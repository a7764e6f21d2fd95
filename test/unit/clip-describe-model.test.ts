import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ModelUnavailableError } from '../../src/errors.js';
import { describeModel } from '../../src/services/clip/describe-model.js';
import { clipConfig } from '../support/clip-config.js';
import { startModelHub } from '../support/model-hub.js';
import { silentLog } from '../support/silent-log.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-describe-'));
  return async () => {
    await rm(folder, { recursive: true });
  };
});

const describing = async (spec: string, endpoint = 'http://127.0.0.1:9/') =>
  describeModel(spec, { config: clipConfig({ cacheDir: folder, endpoint }), log: silentLog });

/** A folder of a model with nothing but a configuration. */
async function modelWith(config: string): Promise<string> {
  const model = join(folder, 'shoes');
  await mkdir(model);
  await writeFile(join(model, 'config.json'), config);
  return model;
}

test.each([
  ['clip-ViT-B-32', 512],
  ['clip-ViT-L-14', 768],
  ['tiny-clip', 512],
])('%s is known without a look at any file', async (name, dimensions) => {
  expect(await describing(name)).toEqual({ name, dimensions, source: name });
});

test('a folder is described by its config.json, and named by its absolute path', async () => {
  const model = await modelWith('{ "projection_dim": 640 }');
  const expected = { name: 'shoes', dimensions: 640, source: model };
  expect(await describing(model)).toEqual(expected);
  expect(await describing(`./${relative(process.cwd(), model)}/`)).toEqual(expected);
});

test('a model of the hub is described by its config.json, of which alone is downloaded', async () => {
  const hub = await startModelHub();
  onTestFinished(() => hub.close());
  const expected = { name: 'acme/tiny-clip', dimensions: 512, source: 'acme/tiny-clip' };
  expect(await describing(hub.modelId, hub.endpoint)).toEqual(expected);
  expect(new Set(hub.requests.map(({ path }) => path))).toEqual(new Set(['/acme/tiny-clip/resolve/main/config.json']));
  expect(await describing(hub.modelId)).toEqual(expected);
});

describe('one sentence says', () => {
  const refusal = async (spec: string, endpoint?: string) => {
    const error = await describing(spec, endpoint).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ModelUnavailableError);
    return (error as Error).message;
  };

  test.each([
    '{}',
    '{',
    'null',
    '{ "projection_dim": "512" }',
    '{ "projection_dim": 0 }',
    '{ "projection_dim": 4001 }',
  ])('that %s does not tell', async (config) => {
    expect(await refusal(await modelWith(config))).toBe(
      'The file config.json of the model "shoes" does not say how long its vectors are ("projection_dim", a whole number from 1 to ' +
        '3,500): it is damaged or not that of a CLIP model.',
    );
  });

  test('that there is no such folder', async () => {
    expect(await refusal(join(folder, 'hats'))).toBe(
      'The folder of the model "hats" does not exist: set CLIP_MODEL to a folder that holds config.json, ' +
        'preprocessor_config.json, onnx/vision_model.onnx.',
    );
  });

  test('that the hub has no such model', async () => {
    const hub = await startModelHub();
    onTestFinished(() => hub.close());
    expect(await refusal('acme/nothing', hub.endpoint)).toBe(
      `${new URL(hub.endpoint).host} has no model "acme/nothing" that may be downloaded (it answered 401): check CLIP_MODEL, or set ` +
        'HF_TOKEN to a token that may read it.',
    );
  });

  test('that nothing is called so', async () => {
    expect(await refusal('resnet50')).toContain('There is no model "resnet50".');
  });
});
