import type { ClipConfig } from '../../config.js';
import { ImageError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Observer } from '../../observer.js';
import type { ModelIdentity, Pixels } from '../../types.js';
import { chooseDevice } from './choose-device.js';
import { resolveModel, type ModelChoice } from './clip-models.js';
import type { ClipEncoder, EncodeOptions, MakePixels } from './image-encoder.js';
import { obtainModelFiles, obtainTextFiles, type InferenceDevice, type ModelFilesOptions } from './model-files.js';
import type { PreprocessingSpec } from './preprocessing-spec.js';
import { LazyTextEncoder } from './text-encoder.js';
import { startThreadedTower, type ThreadedTower } from './threaded-tower.js';
import { textTower, visionTower } from './towers.js';

export interface ClipEncoderOptions {
  config: ClipConfig;
  log: Log;
  /** The name that the model goes by, where it is another one than its folder's. */
  name?: string;
  /** Breaks a download off. */
  signal?: AbortSignal | undefined;
  /** Is told how long images and texts wait and are inferred. */
  observer?: Observer | undefined;
}

/**
 * Images in one batch. On a CPU batching gains next to nothing (8.6 images/s in batches of 16 against 7.3 one by one, with
 * ViT-B/32 on one thread) and a search has to wait for the batch in flight; a GPU needs many to be busy.
 */
const MAX_BATCH: Record<InferenceDevice, number> = { cpu: 4, cuda: 32 };

/** Texts are encoded one by one: see text-model.ts. */
const TEXT_BATCH = 1;

/**
 * Loads the image tower of the configured CLIP model into a thread of its own, downloading it first where needed. The text tower
 * follows when the first text comes.
 *
 * @throws ModelUnavailableError where the model can't be had or loaded, saying what to do.
 */
export async function startClipEncoder(options: ClipEncoderOptions): Promise<ClipEncoder> {
  const { config, log, name, signal, observer } = options;
  const resolved = resolveModel(config.model);
  const choice = { ...resolved, name: name ?? resolved.name };
  const device = await chooseDevice(config.device, log);
  const files = await obtainModelFiles(choice, { config, device, log, signal });
  const { maxQueued, threads } = config;
  const settings = { tower: 'vision', ...files, device, threads, maxBatch: MAX_BATCH[device] } as const;
  const limits = { maxBatch: settings.maxBatch, maxQueued, dimensions: choice.dimensions, observer };
  const vision = await startThreadedTower({ tower: visionTower, choice, settings, ...limits, log });
  const model = { name: choice.name, dimensions: vision.dimensions };
  log.info(
    { model: model.name, dimensions: model.dimensions, device, precision: files.precision },
    'the model is loaded',
  );
  const text = new LazyTextEncoder(async (closed) =>
    startTextTower({ choice, model, device, config, log, observer, signal: closed }),
  );
  return new ThreadedEncoder({ model, preprocessing: files.preprocessing, vision, text });
}

interface TextTowerOptions extends ModelFilesOptions {
  choice: ModelChoice;
  model: ModelIdentity;
  config: ClipConfig;
  observer: Observer | undefined;
}

async function startTextTower(options: TextTowerOptions): Promise<ThreadedTower<string>> {
  const { choice, model, device, config, log, observer } = options;
  const { threads, maxQueued } = config;
  const files = await obtainTextFiles(choice, options);
  const settings = { tower: 'text', ...files, device, threads } as const;
  const limits = { maxBatch: TEXT_BATCH, maxQueued, dimensions: model.dimensions, observer };
  const tower = await startThreadedTower({ tower: textTower, choice, settings, ...limits, log });
  log.info({ model: model.name, device, precision: files.precision }, 'the text tower of the model is loaded');
  return tower;
}

interface EncoderParts {
  model: ModelIdentity;
  preprocessing: PreprocessingSpec;
  vision: ThreadedTower<Pixels>;
  text: LazyTextEncoder;
}

class ThreadedEncoder implements ClipEncoder {
  readonly model: ModelIdentity;
  readonly preprocessing: PreprocessingSpec;
  private closing: Promise<void> | null = null;

  constructor(private readonly parts: EncoderParts) {
    this.model = parts.model;
    this.preprocessing = parts.preprocessing;
  }

  async encode(pixels: Pixels | MakePixels, options: EncodeOptions): Promise<Float32Array> {
    const { vision } = this.parts;
    if (typeof pixels !== 'function') return vision.encode(checkPixels(pixels, this.preprocessing), options);
    return vision.encodeMade(async () => checkPixels(await pixels(), this.preprocessing), options);
  }

  checkRoom(): void {
    this.parts.vision.checkRoom();
  }

  async encodeText(text: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Float32Array> {
    return this.parts.text.encode(text, signal);
  }

  async close(): Promise<void> {
    const { vision, text } = this.parts;
    this.closing ??= Promise.all([vision.close(), text.close()]).then(() => undefined);
    await this.closing;
  }
}

/**
 * @returns the same pixels.
 * @throws ImageError INTERNAL for pixels of another size than the model takes: they would be read past their end.
 */
export function checkPixels(pixels: Pixels, { cropWidth, cropHeight }: PreprocessingSpec): Pixels {
  const { data, width, height } = pixels;
  if (width === cropWidth && height === cropHeight && data.length === width * height * 3) return pixels;
  throw new ImageError(
    'INTERNAL',
    `The model takes ${cropWidth} x ${cropHeight} pixels, not ${width} x ${height} in ${data.length} bytes.`,
  );
}
