import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import { ModelUnavailableError } from '../../src/errors.js';
import { makeLog } from '../../src/log.js';
import { bundledModelFolder, resolveModel } from '../../src/services/clip/clip-models.js';
import { obtainModelFiles, type ModelFilesOptions } from '../../src/services/clip/model-files.js';
import { startModelHub, type ModelHub } from '../support/model-hub.js';

let hub: ModelHub;
let folder: string;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  hub = await startModelHub();
  folder = await mkdtemp(join(tmpdir(), 'lookalike-files-'));
  lines = [];
  return async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  };
});

async function obtain(model: string, changes: Partial<ModelFilesOptions['config']> & { device?: 'cpu' | 'cuda' } = {}) {
  const { device = 'cpu', ...config } = changes;
  const destination = new Writable({
    write: (line: Buffer, _, done) => {
      lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  return obtainModelFiles(resolveModel(model), {
    config: { cacheDir: folder, endpoint: hub.endpoint, token: null, offline: false, ...config },
    device,
    log: makeLog({ level: 'info', format: 'json', destination }),
  });
}

async function refusal(model: string, changes: Parameters<typeof obtain>[1] = {}): Promise<string> {
  const error = await obtain(model, changes).then(
    () => expect.fail('The model was obtained.'),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ModelUnavailableError);
  const { message } = error as Error;
  // What a caller reads has no path of the machine in it.
  expect(message).not.toContain(tmpdir());
  return message;
}

const host = () => new URL(hub.endpoint).host;

describe('a model of the hub', () => {
  test('is downloaded once and then taken from the cache, offline too', async () => {
    const files = await obtain(hub.modelId);
    expect(files).toMatchObject({ folder: join(folder, 'acme', 'tiny-clip'), precision: 'fp32' });
    expect(files.preprocessing).toMatchObject({ cropWidth: 112, cropHeight: 112 });
    await hub.close();
    expect(await obtain(hub.modelId)).toEqual(files);
    expect(await obtain(hub.modelId, { offline: true })).toEqual(files);
  });

  test('tells in the log how far the download is, in steps of ten percent at most', async () => {
    await obtain(hub.modelId);
    const large = lines.filter(({ file }) => file === 'onnx/vision_model.onnx');
    expect(large[0]).toMatchObject({ msg: 'downloading a file of the model', model: 'acme/tiny-clip' });
    expect(large.at(-1)).toMatchObject({ msg: 'downloaded a file of the model' });
    const percents = large.flatMap(({ percent }) => (typeof percent === 'number' ? [percent] : []));
    expect(percents.length).toBeGreaterThan(0);
    expect(percents.length).toBeLessThanOrEqual(9);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
  });

  test('is taken in half precision for a GPU where the hub has it so, and else as it is', async () => {
    expect(await obtain(hub.modelId, { device: 'cuda' })).toMatchObject({ precision: 'fp32' });
    await writeFile(join(folder, 'acme', 'tiny-clip', 'onnx', 'vision_model_fp16.onnx'), 'half');
    expect(await obtain(hub.modelId, { device: 'cuda' })).toMatchObject({ precision: 'fp16' });
    expect(await obtain(hub.modelId, { device: 'cpu' })).toMatchObject({ precision: 'fp32' });
  });
});

describe('one sentence with the remedy says', () => {
  test('that the hub has no such model', async () => {
    expect(await refusal('acme/no-such-model')).toBe(
      `${host()} has no model "acme/no-such-model" that may be downloaded (it answered 401): check CLIP_MODEL, or set HF_TOKEN to a ` +
        'token that may read it.',
    );
  });

  test('that the model was not exported to ONNX', async () => {
    hub.faults.set('onnx/vision_model.onnx', { kind: 'status', status: 404 });
    expect(await refusal(hub.modelId)).toBe(
      `The model "acme/tiny-clip" on ${host()} has no onnx/vision_model.onnx: choose a CLIP model that was exported to ONNX, such as ` +
        'Xenova/clip-vit-base-patch32.',
    );
  });

  test('that the hub is in trouble', async () => {
    hub.faults.set('config.json', { kind: 'status', status: 500 });
    expect(await refusal(hub.modelId)).toBe(
      `The model "acme/tiny-clip" can't be downloaded as ${host()} answered 500: try again later, or set HF_ENDPOINT to a mirror.`,
    );
  });

  test('that the hub does not answer', async () => {
    await hub.close();
    expect(await refusal('clip-ViT-B-32')).toBe(
      `The model "clip-ViT-B-32" can't be downloaded as ${host()} does not answer: check the connection, set HF_ENDPOINT to a ` +
        'mirror, or set CLIP_MODEL to a folder with the model.',
    );
  });

  test('that the model is not there and may not be downloaded', async () => {
    expect(await refusal('clip-ViT-B-32', { offline: true })).toBe(
      'The model "clip-ViT-B-32" is not downloaded yet and HF_HUB_OFFLINE is true: start once without it, or copy the ' +
        'model into CLIP_CACHE_DIR.',
    );
    expect(hub.requests).toEqual([]);
  });

  test('that a file arrived damaged', async () => {
    hub.faults.set('onnx/vision_model.onnx', { kind: 'damaged' });
    expect(await refusal(hub.modelId)).toBe(
      `The file onnx/vision_model.onnx of the model "acme/tiny-clip" arrived damaged from ${host()}: start again, or set HF_ENDPOINT ` +
        'to another mirror.',
    );
  });

  test('that a file can not be saved', async () => {
    const cacheDir = join(folder, 'file');
    await writeFile(cacheDir, '');
    expect(await refusal(hub.modelId, { cacheDir })).toBe(
      'The file config.json of the model "acme/tiny-clip" can\'t be saved (ENOTDIR): make room or set CLIP_CACHE_DIR to another folder.',
    );
  });

  test('that a folder does not exist', async () => {
    expect(await refusal(join(folder, 'shoes'))).toBe(
      'The folder of the model "shoes" does not exist: set CLIP_MODEL to a folder that holds config.json, ' +
        'preprocessor_config.json, onnx/vision_model.onnx.',
    );
  });

  test('that a folder lacks a file', async () => {
    await mkdir(join(folder, 'shoes'));
    await cp(join(bundledModelFolder, 'config.json'), join(folder, 'shoes', 'config.json'));
    expect(await refusal(join(folder, 'shoes'))).toBe(
      'The folder of the model "shoes" has no preprocessor_config.json: it has to hold config.json, preprocessor_config.json, ' +
        'onnx/vision_model.onnx, as a CLIP model that was exported to ONNX does on the Hugging Face hub.',
    );
  });

  test('that the settings of the preprocessing are damaged', async () => {
    const model = join(folder, 'shoes');
    await cp(bundledModelFolder, model, { recursive: true });
    await writeFile(join(model, 'preprocessor_config.json'), '{"size":');
    expect(await refusal(model)).toBe(
      'The file preprocessor_config.json of the model "shoes" is damaged: delete the model\'s folder and get it anew.',
    );
  });
});
