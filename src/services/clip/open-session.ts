import { env, LogLevel, type PreTrainedModel, type Tensor } from '@xenova/transformers';
import type { EncoderWorkerData, LoadFailure } from './encoder-messages.js';

/** A tower of a CLIP model, loaded in this thread. Each inference blocks it. */
export interface LoadedTower<Batch> {
  dimensions: number;
  /** @returns a new `Float32Array` with `dimensions` numbers for each input, as the model made them: not normalised. */
  infer(batch: Batch): Promise<Float32Array>;
}

/** A tower could not be loaded. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError';

  constructor(readonly failure: LoadFailure) {
    super(`The model could not be loaded: ${failure.kind}.`);
  }
}

/** A model of the library: called with named tensors, it gives named tensors. */
export type Session<Inputs> = (inputs: Inputs) => Promise<Readonly<Record<string, Tensor>>>;

// The library's settings belong to its module, which every thread has for itself. The files are all there by now, so it is to
// look for them nowhere else; and what goes wrong is told by errors, not on the console.
env.allowRemoteModels = false;
env.allowLocalModels = true;
env.useFSCache = false;
env.logLevel = LogLevel.NONE;

/**
 * Opens one tower of a model.
 *
 * @param tower - the library's class for it, which knows the name of its file.
 * @throws ModelLoadError
 */
export async function openSession<Inputs>(
  tower: Pick<typeof PreTrainedModel, 'from_pretrained'>,
  { folder, precision, device, threads }: EncoderWorkerData,
): Promise<Session<Inputs>> {
  try {
    const model = await tower.from_pretrained(folder, {
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
    return model as Session<Inputs>;
  } catch (error) {
    throw unloadable(error);
  }
}

export function unloadable(error: unknown): ModelLoadError {
  return new ModelLoadError({ kind: 'unloadable', detail: String(error) });
}

/**
 * Tries a tower on one input, which tells the length of its vectors and makes the first search quick.
 *
 * @throws ModelLoadError
 */
export async function tryTower<Batch>(
  infer: (batch: Batch) => Promise<Float32Array>,
  sample: Batch,
): Promise<LoadedTower<Batch>> {
  const outputs = await infer(sample).catch((error: unknown) => {
    throw new ModelLoadError({ kind: 'not-clip', detail: String(error) });
  });
  if (!outputs.every(Number.isFinite)) throw new ModelLoadError({ kind: 'not-finite' });
  return { dimensions: outputs.length, infer };
}

/**
 * The vectors that a tower gave for a batch, in an array that is the caller's to keep or transfer.
 *
 * @throws Error where the model has no such output, or one of another shape.
 */
export function vectorsOf(output: Tensor | undefined, { name, count }: { name: string; count: number }): Float32Array {
  if (output?.dims.length !== 2 || output.dims[0] !== count) {
    throw new Error(`The model has no output "${name}" with one vector for each input.`);
  }
  // Half-precision models may answer in half precision.
  return Float32Array.from(output.to('float32').data as Float32Array);
}
