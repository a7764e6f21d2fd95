import { AutoTokenizer } from '@xenova/transformers';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ClipConfig } from '../../src/config.js';
import { ModelUnavailableError } from '../../src/errors.js';
import { startClipEncoder } from '../../src/services/clip/clip-encoder.js';
import { bundledModelFolder } from '../../src/services/clip/clip-models.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { startThreadedTower } from '../../src/services/clip/threaded-tower.js';
import { textTower } from '../../src/services/clip/towers.js';
import { clipConfig } from '../support/clip-config.js';
import { similarity, testTextContract } from '../support/encoder-contract.js';
import { copyImageTower, copyModel } from '../support/model-copies.js';
import { startModelHub } from '../support/model-hub.js';
import { noisePixels } from '../support/noise-pixels.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import { silentLog } from '../support/silent-log.js';

/** What `training/tokenizer.py` makes of texts with the vocabulary of the bundled model: its second opinion. */
const TOKENS: Readonly<Record<string, readonly number[]>> = {
  'red mug': [1712, 561, 765, 1713],
  'A Striped  light-blue T-Shirt!': [1712, 353, 824, 755, 301, 611, 372, 301, 547, 289, 1713],
  'granny smith apples': [1712, 1218, 1223, 1103, 1713],
  'Cafe\u0301 12 oz. #1': [1712, 696, 102, 195, 425, 305, 306, 111, 378, 302, 291, 305, 1713],
  "it's 50% off_now": [1712, 1140, 39, 371, 309, 304, 293, 957, 351, 1324, 375, 1713],
  sneekers: [1712, 115, 562, 1451, 642, 1713],
  '\u6e6f\u5451 \u2764': [1712, 230, 185, 175, 229, 145, 401, 226, 157, 420, 1713],
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-text-'));
  return async () => {
    await rm(folder, { recursive: true });
  };
});

async function start(changes: Partial<ClipConfig>, log = silentLog): Promise<ClipEncoder> {
  const encoder = await startClipEncoder({ config: clipConfig(changes), log });
  onTestFinished(() => encoder.close());
  return encoder;
}

/** A folder of a model with both towers, which may be spoiled. */
async function copyOfModel(): Promise<string> {
  const copy = join(folder, 'shoes');
  await copyModel(copy);
  return copy;
}

/** A folder of a model that knows no words. */
async function imageTower(): Promise<string> {
  const copy = join(folder, 'pictures');
  await copyImageTower(copy);
  return copy;
}

testTextContract('the bundled CLIP in its threads', async () =>
  startClipEncoder({ config: clipConfig(), log: silentLog }),
);

describe('the text tower', () => {
  test('is loaded when the first text comes, and not before', async () => {
    const { log, entries } = makeRecordedLog();
    const encoder = await start({ model: await copyOfModel() }, log);
    await encoder.encode(noisePixels(encoder, 1), { priority: 'search' });
    const loaded = () => entries.filter(({ msg }) => msg === 'the text tower of the model is loaded');
    expect(loaded()).toHaveLength(0);
    await Promise.all([encoder.encodeText('red'), encoder.encodeText('blue')]);
    await encoder.encodeText('green');
    expect(loaded()).toEqual([expect.objectContaining({ model: 'shoes', device: 'cpu', precision: 'fp32' })]);
  });

  test('hears the order of the words', async () => {
    const encoder = await start({ model: await copyOfModel() });
    const [one, other] = await Promise.all([encoder.encodeText('mug watch'), encoder.encodeText('watch mug')]);
    expect(similarity(one, other)).toBeLessThan(0.999);
  });

  test('takes texts that differ in spaces and in how letters are written for the same', async () => {
    const encoder = await start({ model: await copyOfModel() });
    const vector = await encoder.encodeText('caf\u00e9 shoes');
    expect(await encoder.encodeText('  cafe\u0301 \n shoes ')).toEqual(vector);
  });

  test('looks at the words up to its context, and knows where a text ends that it cut', async () => {
    const encoder = await start({ model: await copyOfModel() });
    // The context of 32 holds the tokens of start and end, and 30 words.
    const words = (count: number) => 'red '.repeat(count);
    const whole = await encoder.encodeText(words(30));
    expect(await encoder.encodeText(`${words(30)} blue hat`)).toEqual(whole);
    expect(await encoder.encodeText(words(5000))).toEqual(whole);
    expect(similarity(await encoder.encodeText(`${words(29)} blue`), whole)).toBeLessThan(0.9999);
  });

  test('has the context that the model says', async () => {
    const model = await copyOfModel();
    const path = join(model, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...config, text_config: { max_position_embeddings: 4 } }));
    const encoder = await start({ model });
    const vector = await encoder.encodeText('red mug');
    expect(await encoder.encodeText('red mug hat')).toEqual(vector);
    expect(await encoder.encodeText('red hat')).not.toEqual(vector);
  });

  test('of the bundled model sees the tokens that it was trained with', async () => {
    const tokenizer = await AutoTokenizer.from_pretrained(bundledModelFolder, { local_files_only: true });
    for (const [text, ids] of Object.entries(TOKENS)) {
      expect([text, tokenizer(text, { return_tensor: false }).input_ids]).toEqual([text, ids]);
    }
  });

  test('of the hub is downloaded when the first text comes, and then taken from the cache', async () => {
    const hub = await startModelHub();
    onTestFinished(() => hub.close());
    const first = await start({ model: hub.modelId, endpoint: hub.endpoint, cacheDir: folder });
    const asked = () => hub.requests.map(({ path }) => path).filter((path) => /text_model|tokenizer/.test(path));
    expect(asked()).toEqual([]);
    const vector = await first.encodeText('red shoe');
    expect(new Set(asked().map((path) => path.replace(/^.*\/(main|storage)\//, '')))).toEqual(
      new Set(['onnx/text_model.onnx', 'tokenizer.json', 'tokenizer_config.json']),
    );
    const second = await start({ model: hub.modelId, cacheDir: folder, offline: true });
    expect(await second.encodeText('red shoe')).toEqual(vector);
  });
});

describe('one sentence says', () => {
  async function refusal(changes: Partial<ClipConfig>): Promise<ModelUnavailableError> {
    const encoder = await start(changes);
    const error = await encoder.encodeText('red shoe').then(
      () => expect.fail('The text was encoded.'),
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(ModelUnavailableError);
    // The image tower goes on.
    expect(await encoder.encode(noisePixels(encoder, 1), { priority: 'search' })).toHaveLength(512);
    return error as ModelUnavailableError;
  }

  const withText = ['clip-ViT-B-32', 'clip-ViT-B-16', 'clip-ViT-L-14', 'tiny-clip'];

  test('that a model in a folder has no text tower, and which ones have', async () => {
    expect(await refusal({ model: await imageTower() })).toMatchObject({
      message:
        'The model "pictures" has no text tower, so it can\'t search by words. Models that have one: clip-ViT-B-32, ' +
        'clip-ViT-B-16, clip-ViT-L-14, tiny-clip.',
      code: 'MODEL_UNAVAILABLE',
      logLevel: 'info',
      details: { models: withText },
    });
  });

  test('that a model of the hub has none', async () => {
    const hub = await startModelHub([await imageTower()]);
    onTestFinished(() => hub.close());
    const error = await refusal({ model: hub.modelId, endpoint: hub.endpoint, cacheDir: folder });
    expect(error.message).toBe(
      'The model "acme/tiny-clip" has no text tower, so it can\'t search by words. Models that have one: clip-ViT-B-32, ' +
        'clip-ViT-B-16, clip-ViT-L-14, tiny-clip.',
    );
  });

  test('that it is not downloaded and may not be', async () => {
    await copyImageTower(join(folder, 'Xenova', 'clip-vit-base-patch32'));
    const error = await refusal({ model: 'clip-ViT-B-32', cacheDir: folder, offline: true });
    expect(error.message).toBe(
      'The text tower of the model "clip-ViT-B-32" is not downloaded yet and HF_HUB_OFFLINE is true: start once without it, or ' +
        'copy the model into CLIP_CACHE_DIR.',
    );
  });

  test('that its tokenizer is missing', async () => {
    const model = await copyOfModel();
    await rm(join(model, 'tokenizer.json'));
    expect((await refusal({ model })).message).toBe(
      'The folder of the model "shoes" has no tokenizer.json: it has to hold onnx/text_model.onnx, tokenizer.json, ' +
        'tokenizer_config.json, as a CLIP model that was exported to ONNX does on the Hugging Face hub.',
    );
  });

  const unloadable =
    'The files of the text tower of the model "shoes" can\'t be loaded, so they are damaged or no ONNX model with its tokenizer: ' +
    'replace its files.';

  test('that its weights are cut off', async () => {
    const model = await copyOfModel();
    await truncate(join(model, 'onnx', 'text_model.onnx'), 20_000);
    expect((await refusal({ model })).message).toBe(unloadable);
  });

  test('that its tokenizer is damaged', async () => {
    const model = await copyOfModel();
    await truncate(join(model, 'tokenizer.json'), 3000);
    expect((await refusal({ model })).message).toBe(unloadable);
  });

  const notClip =
    'The text tower of the model "shoes" does not belong to its image tower: its onnx/text_model.onnx has to take "input_ids" and ' +
    'give "text_embeds" as long as the vectors of images. To search by words, replace its files.';

  test('that it has other outputs', async () => {
    const model = await copyOfModel();
    const path = join(model, 'onnx', 'text_model.onnx');
    const bytes = await readFile(path);
    // A name of the same length keeps the file valid.
    await writeFile(path, Buffer.from(bytes.toString('latin1').replaceAll('text_embeds', 'other_thing'), 'latin1'));
    expect((await refusal({ model })).message).toBe(notClip);
  });

  test('that its vectors are not as long as those of images', async () => {
    const source = { kind: 'folder', folder: await copyOfModel() } as const;
    const settings = { tower: 'text', folder: source.folder, precision: 'fp32', device: 'cpu', threads: 1 } as const;
    const choice = { name: 'shoes', source, dimensions: null };
    const limits = { maxBatch: 1, maxQueued: 10, dimensions: 768 };
    await expect(startThreadedTower({ tower: textTower, choice, settings, ...limits, log: silentLog })).rejects.toThrow(
      notClip,
    );
  });
});
