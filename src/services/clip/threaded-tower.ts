import { AppError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Observer } from '../../observer.js';
import type { Close } from '../../types.js';
import type { ModelChoice } from './clip-models.js';
import type { EncoderWorkerData } from './encoder-messages.js';
import { startEncoderThread, ThreadStartError, type EncoderThread, type OnDeath } from './encoder-thread.js';
import type { EncodeOptions } from './image-encoder.js';
import { InferenceQueue, type InferenceOutcome } from './inference-queue.js';
import { toModelUnavailable } from './load-failures.js';
import { RestartingThread } from './restarting-thread.js';
import type { Tower } from './towers.js';
import { toUnitVector } from './unit-vector.js';

/** A tower of a model in a thread of its own, with the queue before it. */
export interface ThreadedTower<Input> {
  dimensions: number;
  /**
   * @returns `Float32Array` of length `dimensions`, L2-normalised.
   * @throws as `ImageEncoder.encode` does.
   */
  encode(input: Input, options: EncodeOptions): Promise<Float32Array>;
  /** The same for a search whose input is made once it has its place: see {@link InferenceQueue.addMade}. */
  encodeMade(make: () => Promise<Input>, options: Pick<EncodeOptions, 'signal'>): Promise<Float32Array>;
  /** @throws ServiceUnavailableError where a search would be refused now. */
  checkRoom(): void;
  close: Close;
}

export interface ThreadedTowerOptions<Input> {
  tower: Tower<Input>;
  choice: ModelChoice;
  settings: EncoderWorkerData;
  /** Length that its vectors have to have; null where any will do. */
  dimensions: number | null;
  /** Inputs in one batch at most. */
  maxBatch: number;
  /** Searches that may wait before further ones are refused. */
  maxQueued: number;
  observer?: Observer | undefined;
  log: Log;
}

/** @throws ModelUnavailableError where the tower can't be loaded, saying what to do. */
export async function startThreadedTower<Input>(options: ThreadedTowerOptions<Input>): Promise<ThreadedTower<Input>> {
  const { tower, log, maxBatch, maxQueued, observer } = options;
  const thread = new RestartingThread(async (onDeath) => startThread(options, onDeath), log);
  const dimensions = await thread.ready();
  const run = async (batch: readonly Input[]) => {
    const outputs = await thread.infer(batch);
    return batch.map((_, index) =>
      outcomeOf(outputs.subarray(index * dimensions, (index + 1) * dimensions), dimensions, tower),
    );
  };
  const queue = new InferenceQueue<Input>({ maxBatch, maxQueued, observer, run });
  const close = async () => {
    await queue.close();
    await thread.close();
  };
  return {
    dimensions,
    encode: async (input, encodeOptions) => queue.add(input, encodeOptions),
    encodeMade: async (make, encodeOptions) => queue.addMade(make, encodeOptions),
    checkRoom: () => queue.checkRoom(),
    close,
  };
}

/** One input that comes to nothing takes none of its batch with it. */
function outcomeOf<Input>(output: Float32Array, dimensions: number, tower: Tower<Input>): InferenceOutcome {
  try {
    return { vector: toUnitVector(output, dimensions, tower) };
  } catch (error) {
    if (error instanceof AppError) return { error };
    throw error;
  }
}

async function startThread<Input>(
  { tower, choice, settings, dimensions }: ThreadedTowerOptions<Input>,
  onDeath: OnDeath,
): Promise<EncoderThread<Input>> {
  try {
    const thread = await startEncoderThread(tower, settings, onDeath);
    if (dimensions === null || dimensions === thread.dimensions) return thread;
    await thread.close();
    throw new ThreadStartError({ kind: 'not-clip', detail: `its vectors have ${thread.dimensions} numbers` });
  } catch (error) {
    throw error instanceof ThreadStartError ? toModelUnavailable(error, choice, settings.tower) : error;
  }
}
