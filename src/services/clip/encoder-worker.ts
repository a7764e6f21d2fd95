/*
 * The thread that one tower of a model runs in: `run` of onnxruntime-node blocks its thread until a batch is done. It is started
 * by encoder-thread.ts, loads the tower, says that it is ready, and then answers batch after batch.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { EncoderMessage, EncoderWorkerData } from './encoder-messages.js';
import { ModelLoadError, type LoadedTower } from './open-session.js';
import { loadTextModel } from './text-model.js';
import { loadVisionModel } from './vision-model.js';

async function start(settings: EncoderWorkerData): Promise<void> {
  switch (settings.tower) {
    case 'vision':
      serve(await loadVisionModel(settings));
      return;
    case 'text':
      serve(await loadTextModel(settings));
      return;
  }
}

function serve<Batch>(tower: LoadedTower<Batch>): void {
  parentPort?.on('message', (batch: Batch) => {
    void answer(tower, batch);
  });
  say({ kind: 'ready', dimensions: tower.dimensions });
}

async function answer<Batch>(tower: LoadedTower<Batch>, batch: Batch): Promise<void> {
  try {
    const outputs = await tower.infer(batch);
    say({ kind: 'batch', outputs }, [outputs.buffer as ArrayBuffer]);
  } catch (error) {
    say({ kind: 'batch-failed', detail: String(error) });
  }
}

function say(message: EncoderMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

start(workerData as EncoderWorkerData).catch((error: unknown) => {
  if (!(error instanceof ModelLoadError)) throw error;
  say({ kind: 'failed', failure: error.failure });
});
