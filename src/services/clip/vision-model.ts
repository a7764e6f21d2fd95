import { CLIPVisionModelWithProjection, env, LogLevel, Tensor } from '@xenova/transformers';
import type { BatchMessage, EncoderWorkerData, LoadFailure } from './encoder-messages.js';
import { PixelNormaliser } from './pixel-normaliser.js';

/** The image tower of a CLIP model, loaded in this thread. Each inference blocks it. */
export interface VisionModel {
  dimensions: number;
  /** @returns a new `Float32Array` of `count * dimensions`, as the model made them: not normalised. */
  infer(batch: BatchMessage): Promise<Float32Array>;
}

/** A model could not be loaded. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError';

  constructor(readonly failure: LoadFailure) {
    super(`The model could not be loaded: ${failure.kind}.`);
  }
}

/** A model of the library: called with named tensors, it gives named tensors. */
type Session = (inputs: { pixel_values: Tensor }) => Promise<Readonly<Record<string, Tensor>>>;

// The library's settings belong to its module, which every thread has for itself. The files are all there by now, so it is to
// look for them nowhere else; and what goes wrong is told by errors, not on the console.
env.allowRemoteModels = false;
env.allowLocalModels = true;
env.useFSCache = false;
env.logLevel = LogLevel.NONE;

/**
 * Loads a model and tries it on one grey image, which tells the length of its vectors and makes the first search quick.
 *
 * @throws ModelLoadError
 */
export async function loadVisionModel(settings: EncoderWorkerData): Promise<VisionModel> {
  const session = await loadSession(settings);
  const normaliser = new PixelNormaliser(settings.preprocessing, settings.maxBatch);
  const infer = async (batch: BatchMessage) => run(session, normaliser, batch);
  const outputs = await infer(greyImage(settings)).catch((error: unknown) => {
    throw new ModelLoadError({ kind: 'not-clip', detail: String(error) });
  });
  if (!outputs.every(Number.isFinite)) throw new ModelLoadError({ kind: 'not-finite' });
  return { dimensions: outputs.length, infer };
}

async function loadSession({ folder, precision, device, threads }: EncoderWorkerData): Promise<Session> {
  try {
    const model = await CLIPVisionModelWithProjection.from_pretrained(folder, {
      dtype: precision,
      device,
      local_files_only: true,
      session_options: {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        // Idle threads would otherwise burn their cores between batches, which decoding and the database need.
        extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
      },
    });
    return model;
  } catch (error) {
    throw new ModelLoadError({ kind: 'unloadable', detail: String(error) });
  }
}

async function run(session: Session, normaliser: PixelNormaliser, batch: BatchMessage): Promise<Float32Array> {
  const { data, dims } = normaliser.normalise(batch);
  const { image_embeds: embeds } = await session({ pixel_values: new Tensor('float32', data, dims) });
  if (embeds?.dims.length !== 2 || embeds.dims[0] !== batch.count) {
    throw new Error('The model has no output "image_embeds" with one vector an image.');
  }
  // Half-precision models may answer in half precision. The copy is the caller's to transfer.
  return Float32Array.from(embeds.to('float32').data as Float32Array);
}

function greyImage({ preprocessing }: EncoderWorkerData): BatchMessage {
  const { cropWidth, cropHeight } = preprocessing;
  return { count: 1, pixels: new Uint8Array(cropWidth * cropHeight * 3).fill(128) };
}
