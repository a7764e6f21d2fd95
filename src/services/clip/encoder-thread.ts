import type { Worker } from 'node:worker_threads';
import { ServiceUnavailableError } from '../../errors.js';
import { startWorker } from '../../start-worker.js';
import type { Close } from '../../types.js';
import type { EncoderMessage, EncoderWorkerData, LoadFailure } from './encoder-messages.js';
import type { Tower } from './towers.js';

/** A thread with a loaded tower of a model. */
export interface EncoderThread<Input> {
  readonly dimensions: number;
  /**
   * Infers one batch; the caller waits for one before it gives the next.
   *
   * @returns `Float32Array` of `batch.length * dimensions`, as the model made them: not normalised.
   * @throws ServiceUnavailableError where the thread dies meanwhile.
   * @throws the tower's defect where the runtime fails on the batch.
   */
  infer(batch: readonly Input[]): Promise<Float32Array>;
  close: Close;
}

/** What a thread does instead of getting ready. */
export class ThreadStartError extends Error {
  override readonly name = 'ThreadStartError';

  constructor(
    readonly failure: LoadFailure,
    cause?: unknown,
  ) {
    super('detail' in failure ? failure.detail : failure.kind, { cause });
  }
}

/** Hears that a thread ended by itself, and why. */
export type OnDeath = (cause: unknown) => void;

/** @throws ThreadStartError as {@link connectEncoderThread} does. */
export async function startEncoderThread<Input>(
  tower: Tower<Input>,
  settings: EncoderWorkerData,
  onDeath: OnDeath,
): Promise<EncoderThread<Input>> {
  return connectEncoderThread(tower, startEncoderWorker(settings), onDeath);
}

export function startEncoderWorker(settings: EncoderWorkerData): Worker {
  return startWorker('services/clip/encoder-worker', { workerData: settings, name: `clip-${settings.tower}` });
}

/**
 * Waits until the worker's tower is loaded; ends the worker where that fails.
 *
 * @param onDeath - called when the thread ends without having been closed, before a pending `infer` rejects.
 * @throws ThreadStartError
 */
export async function connectEncoderThread<Input>(
  tower: Tower<Input>,
  worker: Worker,
  onDeath: OnDeath,
): Promise<EncoderThread<Input>> {
  const dimensions = await untilReady(worker).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return new RunningThread({ tower, worker, dimensions, onDeath });
}

async function untilReady(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (message: EncoderMessage) => {
      worker.off('error', fail).off('exit', end);
      if (message.kind === 'ready') resolve(message.dimensions);
      else if (message.kind === 'failed') reject(new ThreadStartError(message.failure));
      else reject(new TypeError(`Unexpected message: ${message.kind}`));
    };
    const fail = (error: unknown) => {
      reject(new ThreadStartError({ kind: 'unloadable', detail: 'the thread threw while loading' }, error));
    };
    const end = (code: number) => {
      reject(new ThreadStartError({ kind: 'unloadable', detail: `the thread ended with code ${code} while loading` }));
    };
    worker.once('message', settle).once('error', fail).once('exit', end);
  });
}

interface PendingBatch {
  resolve: (outputs: Float32Array) => void;
  reject: (error: Error) => void;
}

interface RunningThreadParts<Input> {
  tower: Tower<Input>;
  worker: Worker;
  dimensions: number;
  onDeath: OnDeath;
}

class RunningThread<Input> implements EncoderThread<Input> {
  readonly dimensions: number;
  private pending: PendingBatch | null = null;
  private isClosing = false;
  private isGone = false;
  private cause: unknown = undefined;

  constructor(private readonly parts: RunningThreadParts<Input>) {
    this.dimensions = parts.dimensions;
    parts.worker.on('message', this.onMessage.bind(this));
    parts.worker.on('error', (error) => (this.cause = error));
    parts.worker.on('exit', this.onExit.bind(this));
  }

  async infer(batch: readonly Input[]): Promise<Float32Array> {
    if (this.isGone) throw died(this.cause);
    const { message, transfer } = this.parts.tower.pack(batch);
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.parts.worker.postMessage(message, transfer);
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.parts.worker.terminate();
  }

  private onMessage(message: EncoderMessage): void {
    const { pending } = this;
    this.pending = null;
    if (message.kind === 'batch') pending?.resolve(message.outputs);
    else if (message.kind === 'batch-failed') pending?.reject(this.failed(message.detail));
  }

  private failed(detail: string): Error {
    const { noun, defect } = this.parts.tower;
    return defect(`The model failed on the batch that the ${noun} was in.`, { cause: new Error(detail) });
  }

  private onExit(): void {
    this.isGone = true;
    if (!this.isClosing) this.parts.onDeath(this.cause);
    this.pending?.reject(died(this.cause));
    this.pending = null;
  }
}

function died(cause: unknown): ServiceUnavailableError {
  return new ServiceUnavailableError(
    'The model stopped unexpectedly and is being started again: try again in a moment.',
    {
      details: { retryAfterMs: 1000 },
      cause,
    },
  );
}
