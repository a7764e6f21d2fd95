import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClipConfig } from '../../src/config.js';
import { ModelUnavailableError } from '../../src/errors.js';
import { makeLog } from '../../src/log.js';
import { startClipEncoder } from '../../src/services/clip/clip-encoder.js';
import { bundledModelFolder } from '../../src/services/clip/clip-models.js';
import { clipConfig } from '../support/clip-config.js';
import { similarity } from '../support/encoder-contract.js';
import { startModelHub } from '../support/model-hub.js';
import { noisePixels } from '../support/noise-pixels.js';
import { silentLog } from '../support/silent-log.js';

const start = async (changes: Partial<ClipConfig>) => startClipEncoder({ config: clipConfig(changes), log: silentLog });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-model-'));
  return async () => {
    await rm(folder, { recursive: true });
  };
});

/** A copy of the bundled model that may be spoiled. */
async function copyOfModel(): Promise<string> {
  const copy = join(folder, 'shoes');
  await cp(bundledModelFolder, copy, { recursive: true });
  return copy;
}

async function refusal(changes: Partial<ClipConfig>): Promise<string> {
  const error = await start(changes).then(
    () => expect.fail('The model was loaded.'),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ModelUnavailableError);
  return (error as Error).message;
}

describe('a model', () => {
  test('from the hub makes the same vectors as its folder, and again from the cache without the hub', async () => {
    const hub = await startModelHub();
    const first = await start({ model: hub.modelId, endpoint: hub.endpoint, cacheDir: folder });
    await hub.close();
    const [second, bundled] = await Promise.all([
      start({ model: hub.modelId, cacheDir: folder, offline: true }),
      start({}),
    ]);
    expect(first.model).toEqual({ name: 'acme/tiny-clip', dimensions: 512 });
    const pixels = noisePixels(bundled, 1);
    const encoders = [first, second, bundled];
    const [one, two, three] = await Promise.all(
      encoders.map((encoder) => encoder.encode(pixels, { priority: 'search' })),
    );
    expect(one && two && similarity(one, two)).toBeCloseTo(1, 5);
    expect(one && three && similarity(one, three)).toBeCloseTo(1, 5);
    await Promise.all(encoders.map((encoder) => encoder.close()));
  });

  test('from a folder is named after it', async () => {
    const encoder = await start({ model: await copyOfModel() });
    expect(encoder.model).toEqual({ name: 'shoes', dimensions: 512 });
    await encoder.close();
  });
});

describe('one sentence with the remedy says', () => {
  const unloadable =
    'The files of the model "shoes" can\'t be loaded, so they are damaged or no ONNX model: replace its files.';

  test('that the weights are cut off', async () => {
    const model = await copyOfModel();
    await truncate(join(model, 'onnx', 'vision_model.onnx'), 2_000_000);
    expect(await refusal({ model })).toBe(unloadable);
  });

  test('that the weights are something else', async () => {
    const model = await copyOfModel();
    await writeFile(join(model, 'onnx', 'vision_model.onnx'), '<html>Sign in to the hotel network</html>');
    expect(await refusal({ model })).toBe(unloadable);
  });

  test('that the configuration is damaged', async () => {
    const model = await copyOfModel();
    await writeFile(join(model, 'config.json'), '{"model_type":');
    expect(await refusal({ model })).toBe(unloadable);
  });

  test('that a downloaded file was damaged later', async () => {
    await cp(bundledModelFolder, join(folder, 'Xenova', 'clip-vit-base-patch32'), { recursive: true });
    await truncate(join(folder, 'Xenova', 'clip-vit-base-patch32', 'onnx', 'vision_model.onnx'), 9);
    expect(await refusal({ model: 'clip-ViT-B-32', cacheDir: folder })).toBe(
      'The files of the model "clip-ViT-B-32" can\'t be loaded, so they are damaged or no ONNX model: delete its folder in ' +
        'CLIP_CACHE_DIR to download it anew.',
    );
  });

  const notClip = (name: string) =>
    `The model "${name}" is not the image tower of a CLIP model: its onnx/vision_model.onnx has to take "pixel_values" of the size ` +
    'that preprocessor_config.json says and give "image_embeds" of the expected length. Set CLIP_MODEL to another one.';

  test('that the model makes vectors of another length than its name promises', async () => {
    await cp(bundledModelFolder, join(folder, 'Xenova', 'clip-vit-large-patch14'), { recursive: true });
    expect(await refusal({ model: 'clip-ViT-L-14', cacheDir: folder })).toBe(notClip('clip-ViT-L-14'));
  });

  test('that the model has other outputs', async () => {
    const model = await copyOfModel();
    const path = join(model, 'onnx', 'vision_model.onnx');
    const bytes = await readFile(path);
    // A name of the same length keeps the file valid.
    await writeFile(path, Buffer.from(bytes.toString('latin1').replaceAll('image_embeds', 'something_xx'), 'latin1'));
    expect(await refusal({ model })).toBe(notClip('shoes'));
  });

  test('that the model gives no finite numbers', async () => {
    const model = await copyOfModel();
    const path = join(model, 'preprocessor_config.json');
    const settings = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...settings, rescale_factor: 1e38 }));
    expect(await refusal({ model })).toBe(
      'The model "shoes" gives numbers that are not finite: replace its files, or set CLIP_DEVICE=cpu.',
    );
  });

  test('that there is no GPU to run on, where there is none', async () => {
    const outcome = await start({ device: 'cuda' }).then(
      async (encoder) => {
        await encoder.close();
        return 'It runs on a GPU.';
      },
      (error: unknown) => (error as Error).message,
    );
    expect([
      'It runs on a GPU.',
      "CLIP_DEVICE is cuda, and the model can't be run on a GPU here: install the NVIDIA driver, CUDA 12, cuDNN 9 and the CUDA " +
        'libraries of onnxruntime-node, or set CLIP_DEVICE to auto or cpu.',
    ]).toContain(outcome);
  });
});

test('the automatic choice is a GPU that works, else the CPU with one line in the log', async () => {
  const lines: string[] = [];
  const destination = new Writable({
    write: (line: Buffer, _, done) => {
      lines.push(line.toString());
      done();
    },
  });
  const encoder = await startClipEncoder({
    config: clipConfig({ device: 'auto' }),
    log: makeLog({ level: 'info', format: 'json', destination }),
  });
  await encoder.close();
  const entries = lines.map((line) => JSON.parse(line) as { msg: string; device?: string });
  const { device } = entries.at(-1) ?? {};
  expect(entries.map(({ msg }) => msg)).toEqual([
    ...(device === 'cuda' ? [] : ['the model runs on the CPU']),
    'the model is loaded',
  ]);
});
