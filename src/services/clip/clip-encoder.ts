import type { ClipConfig } from '../../config.js';
import { ImageError, ModelUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { ModelIdentity, Pixels } from '../../types.js';
import { chooseDevice } from './choose-device.js';
import { noTextTower, resolveModel, type ModelChoice } from './clip-models.js';
import type { EncoderWorkerData, LoadFailure } from './encoder-messages.js';
import { startEncoderThread, ThreadStartError } from './encoder-thread.js';
import type { ClipEncoder, EncodeOptions } from './image-encoder.js';
import { InferenceQueue, type InferenceOutcome } from './inference-queue.js';
import { obtainModelFiles, type InferenceDevice } from './model-files.js';
import type { PreprocessingSpec } from './preprocessing-spec.js';
import { RestartingThread } from './restarting-thread.js';
import { toUnitVector } from './unit-vector.js';

export interface ClipEncoderOptions {
  config: ClipConfig;
  log: Log;
  /** The name that the model goes by, where it is another one than its folder's. */
  name?: string;
}

/**
 * Images in one batch. On a CPU batching gains next to nothing (8.6 images/s in batches of 16 against 7.3 one by one, with
 * ViT-B/32 on one thread) and a search has to wait for the batch in flight; a GPU needs many to be busy.
 */
const MAX_BATCH: Record<InferenceDevice, number> = { cpu: 4, cuda: 32 };

/**
 * Loads the configured CLIP model into a thread of its own, downloading it first where needed.
 *
 * @throws ModelUnavailableError where the model can't be had or loaded, saying what to do.
 */
export async function startClipEncoder({ config, log, name }: ClipEncoderOptions): Promise<ClipEncoder> {
  const resolved = resolveModel(config.model);
  const choice = { ...resolved, name: name ?? resolved.name };
  const device = await chooseDevice(config.device, log);
  const files = await obtainModelFiles(choice, { config, device, log });
  const { preprocessing, precision } = files;
  const settings: EncoderWorkerData = { ...files, device, threads: config.threads, maxBatch: MAX_BATCH[device] };
  const thread = new RestartingThread(async (onDeath) => startModel(choice, settings, onDeath), log);
  const model = { name: choice.name, dimensions: await thread.ready() };
  log.info({ model: model.name, dimensions: model.dimensions, device, precision }, 'the model is loaded');
  return new ThreadedEncoder({ model, preprocessing, thread }, { ...settings, maxQueued: config.maxQueued });
}

async function startModel(choice: ModelChoice, settings: EncoderWorkerData, onDeath: (cause: unknown) => void) {
  try {
    const thread = await startEncoderThread(settings, onDeath);
    if (choice.dimensions === null || choice.dimensions === thread.dimensions) return thread;
    await thread.close();
    throw new ThreadStartError({ kind: 'not-clip', detail: `its vectors have ${thread.dimensions} numbers` });
  } catch (error) {
    throw error instanceof ThreadStartError ? unavailable(error, choice) : error;
  }
}

function unavailable(error: ThreadStartError, choice: ModelChoice): ModelUnavailableError {
  return new ModelUnavailableError(sentence(error.failure, choice), { cause: error });
}

function sentence(failure: LoadFailure, { name, source }: ModelChoice): string {
  const anew = source.kind === 'hub' ? 'delete its folder in CLIP_CACHE_DIR to download it anew' : 'replace its files';
  switch (failure.kind) {
    case 'unloadable':
      return `The files of the model "${name}" can't be loaded, so they are damaged or no ONNX model: ${anew}.`;
    case 'not-clip':
      return (
        `The model "${name}" is not the image tower of a CLIP model: its onnx/vision_model.onnx has to take "pixel_values" of the ` +
        'size that preprocessor_config.json says and give "image_embeds" of the expected length. Set CLIP_MODEL to another one.'
      );
    case 'not-finite':
      return `The model "${name}" gives numbers that are not finite: ${anew}, or set CLIP_DEVICE=cpu.`;
  }
}

interface LoadedModel {
  model: ModelIdentity;
  preprocessing: PreprocessingSpec;
  thread: RestartingThread;
}

class ThreadedEncoder implements ClipEncoder {
  readonly model: ModelIdentity;
  readonly preprocessing: PreprocessingSpec;
  private readonly thread: RestartingThread;
  private readonly queue: InferenceQueue<Pixels>;
  private closing: Promise<void> | null = null;

  constructor({ model, preprocessing, thread }: LoadedModel, limits: { maxBatch: number; maxQueued: number }) {
    this.model = model;
    this.preprocessing = preprocessing;
    this.thread = thread;
    this.queue = new InferenceQueue({ ...limits, run: async (batch) => this.infer(batch) });
  }

  async encode(pixels: Pixels, options: EncodeOptions): Promise<Float32Array> {
    checkPixels(pixels, this.preprocessing);
    return this.queue.add(pixels, options);
  }

  async encodeText(): Promise<Float32Array> {
    throw noTextTower(this.model.name);
  }

  async close(): Promise<void> {
    this.closing ??= this.queue.close().then(async () => this.thread.close());
    await this.closing;
  }

  private async infer(batch: readonly Pixels[]): Promise<InferenceOutcome[]> {
    const outputs = await this.thread.infer(batch);
    return batch.map((_, index) => toOutcome(outputs, index, this.model.dimensions));
  }
}

/** One image that comes to nothing takes none of its batch with it. */
function toOutcome(outputs: Float32Array, index: number, dimensions: number): InferenceOutcome {
  try {
    return { vector: toUnitVector(outputs.subarray(index * dimensions, (index + 1) * dimensions), dimensions) };
  } catch (error) {
    if (error instanceof ImageError) return { error };
    throw error;
  }
}

/**
 * @throws ImageError INTERNAL for pixels of another size than the model takes: they would be read past their end.
 */
export function checkPixels({ data, width, height }: Pixels, { cropWidth, cropHeight }: PreprocessingSpec): void {
  if (width === cropWidth && height === cropHeight && data.length === width * height * 3) return;
  throw new ImageError(
    'INTERNAL',
    `The model takes ${cropWidth} x ${cropHeight} pixels, not ${width} x ${height} in ${data.length} bytes.`,
  );
}
