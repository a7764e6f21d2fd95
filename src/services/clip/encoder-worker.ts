/*
 * The thread that the model runs in: `run` of onnxruntime-node blocks its thread until a batch is done. It is started by
 * encoder-thread.ts, loads the model, says that it is ready, and then answers batch after batch.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { BatchMessage, EncoderMessage, EncoderWorkerData } from './encoder-messages.js';
import { loadVisionModel, ModelLoadError, type VisionModel } from './vision-model.js';

async function start(): Promise<void> {
  const model = await loadVisionModel(workerData as EncoderWorkerData);
  parentPort?.on('message', (batch: BatchMessage) => {
    void answer(model, batch);
  });
  say({ kind: 'ready', dimensions: model.dimensions });
}

async function answer(model: VisionModel, batch: BatchMessage): Promise<void> {
  try {
    const outputs = await model.infer(batch);
    say({ kind: 'batch', outputs }, [outputs.buffer as ArrayBuffer]);
  } catch (error) {
    say({ kind: 'batch-failed', detail: String(error) });
  }
}

function say(message: EncoderMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

start().catch((error: unknown) => {
  if (!(error instanceof ModelLoadError)) throw error;
  say({ kind: 'failed', failure: error.failure });
});
