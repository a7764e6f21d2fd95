import type { Worker } from 'node:worker_threads';
import { beforeEach, expect, test } from 'vitest';
import { ServiceUnavailableError } from '../../src/errors.js';
import { bundledModelFolder } from '../../src/services/clip/clip-models.js';
import type { VisionWorkerData } from '../../src/services/clip/encoder-messages.js';
import {
  connectEncoderThread,
  startEncoderThread,
  startEncoderWorker,
  ThreadStartError,
} from '../../src/services/clip/encoder-thread.js';
import { readPreprocessing } from '../../src/services/clip/model-files.js';
import { RestartingThread } from '../../src/services/clip/restarting-thread.js';
import { visionTower } from '../../src/services/clip/towers.js';
import { silentLog } from '../support/silent-log.js';

const grey = { data: new Uint8Array(112 * 112 * 3).fill(128), width: 112, height: 112 };

let settings: VisionWorkerData;

beforeEach(async () => {
  const preprocessing = await readPreprocessing('tiny-clip', bundledModelFolder);
  const placement = { device: 'cpu', threads: 1, maxBatch: 4 } as const;
  settings = { tower: 'vision', folder: bundledModelFolder, precision: 'fp32', preprocessing, ...placement };
});

test('a thread that dies rejects the batch in flight, after it has said so', async () => {
  const events: string[] = [];
  const worker = startEncoderWorker(settings);
  const thread = await connectEncoderThread(visionTower, worker, () => events.push('death'));
  const inFlight = thread.infer([grey]).catch((error: unknown) => {
    events.push('rejection');
    return error;
  });
  await worker.terminate();
  expect(await inFlight).toEqual(
    new ServiceUnavailableError('The model stopped unexpectedly and is being started again: try again in a moment.', {
      details: { retryAfterMs: 1000 },
    }),
  );
  expect(events).toEqual(['death', 'rejection']);
  await expect(thread.infer([grey])).rejects.toThrow(ServiceUnavailableError);
});

test('a thread that is closed says nothing of a death', async () => {
  const deaths: unknown[] = [];
  const thread = await startEncoderThread(visionTower, settings, (cause) => deaths.push(cause));
  await thread.close();
  expect(deaths).toEqual([]);
});

test('a worker that ends while it loads is an error, not a wait without end', async () => {
  const worker = startEncoderWorker(settings);
  const connected = connectEncoderThread(visionTower, worker, () => undefined);
  void worker.terminate();
  await expect(connected).rejects.toThrow(ThreadStartError);
});

test('after a death, the next batch is inferred by a new thread', async () => {
  const workers: Worker[] = [];
  const thread = new RestartingThread(async (onDeath) => {
    const worker = startEncoderWorker(settings);
    workers.push(worker);
    return connectEncoderThread(visionTower, worker, onDeath);
  }, silentLog);
  const before = await thread.infer([grey]);
  await workers[0]?.terminate();
  expect(await thread.infer([grey])).toEqual(before);
  expect(workers).toHaveLength(2);
  await thread.close();
});

test('a runtime that fails on a batch fails that batch only', async () => {
  const thread = await startEncoderThread(visionTower, settings, () => undefined);
  const tooSmall = { data: new Uint8Array(3), width: 1, height: 1 };
  const tooMany = Array.from({ length: 5 }, () => tooSmall);
  await expect(thread.infer(tooMany)).rejects.toThrow('The model failed on the batch that the image was in.');
  expect(await thread.infer([grey])).toHaveLength(512);
  await thread.close();
});
