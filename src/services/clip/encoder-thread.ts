import type { Worker } from 'node:worker_threads';
import { ImageError, ServiceUnavailableError } from '../../errors.js';
import { startWorker } from '../../start-worker.js';
import type { Close, Pixels } from '../../types.js';
import type { BatchMessage, EncoderMessage, EncoderWorkerData, LoadFailure } from './encoder-messages.js';

/** A thread with a loaded model. */
export interface EncoderThread {
  readonly dimensions: number;
  /**
   * Infers one batch; the caller waits for one before it gives the next.
   *
   * @returns `Float32Array` of `batch.length * dimensions`, as the model made them: not normalised.
   * @throws ServiceUnavailableError where the thread dies meanwhile.
   * @throws ImageError INTERNAL where the runtime fails on the batch.
   */
  infer(batch: readonly Pixels[]): Promise<Float32Array>;
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

/** @throws ThreadStartError as {@link connectEncoderThread} does. */
export async function startEncoderThread(
  settings: EncoderWorkerData,
  onDeath: (cause: unknown) => void,
): Promise<EncoderThread> {
  return connectEncoderThread(startEncoderWorker(settings), onDeath);
}

export function startEncoderWorker(settings: EncoderWorkerData): Worker {
  return startWorker('services/clip/encoder-worker', { workerData: settings, name: 'clip-encoder' });
}

/**
 * Waits until the worker's model is loaded; ends the worker where that fails.
 *
 * @param onDeath - called when the thread ends without having been closed, before a pending `infer` rejects.
 * @throws ThreadStartError
 */
export async function connectEncoderThread(worker: Worker, onDeath: (cause: unknown) => void): Promise<EncoderThread> {
  const dimensions = await untilReady(worker).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return new RunningThread(worker, dimensions, onDeath);
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

class RunningThread implements EncoderThread {
  private pending: PendingBatch | null = null;
  private isClosing = false;
  private isGone = false;
  private cause: unknown = undefined;

  constructor(
    private readonly worker: Worker,
    readonly dimensions: number,
    private readonly onDeath: (cause: unknown) => void,
  ) {
    worker.on('message', this.onMessage.bind(this));
    worker.on('error', (error) => (this.cause = error));
    worker.on('exit', this.onExit.bind(this));
  }

  async infer(batch: readonly Pixels[]): Promise<Float32Array> {
    if (this.isGone) throw died(this.cause);
    const message = joined(batch);
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.worker.postMessage(message, [message.pixels.buffer as ArrayBuffer]);
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.worker.terminate();
  }

  private onMessage(message: EncoderMessage): void {
    const { pending } = this;
    this.pending = null;
    if (message.kind === 'batch') pending?.resolve(message.outputs);
    else if (message.kind === 'batch-failed') pending?.reject(failed(message.detail));
  }

  private onExit(): void {
    this.isGone = true;
    if (!this.isClosing) this.onDeath(this.cause);
    this.pending?.reject(died(this.cause));
    this.pending = null;
  }
}

/** One buffer for the whole batch, which can be handed over to the thread while the caller keeps the pixels. */
function joined(batch: readonly Pixels[]): BatchMessage {
  const pixels = new Uint8Array(batch.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of batch) {
    pixels.set(data, at);
    at += data.length;
  }
  return { count: batch.length, pixels };
}

function failed(detail: string): ImageError {
  return new ImageError('INTERNAL', 'The model failed on the batch that the image was in.', {
    cause: new Error(detail),
  });
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
