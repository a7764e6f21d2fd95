import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readPreprocessingSpec } from '../src/services/clip/preprocessing-spec.js';
import type { Close } from '../src/types.js';

/** A model's image tower in onnxruntime, with nothing around it. */
export interface BareModel {
  /** What it is fastest with on this machine: `2 threads, 4 a batch`. */
  settings: string;
  /** Embeds images that are in memory as the model wants them. @returns Images a second. */
  perSecond(): Promise<number>;
  close: Close;
}

interface Settings {
  threads: number;
  batch: number;
}

const BATCHES = [1, 2, 4, 8, 16];

/** Images that a setting is tried with. */
const TRIED = 32;

/**
 * @param folder - of the hub's layout.
 * @param images - of one measurement.
 */
export async function bareModel(folder: string, images: number): Promise<BareModel> {
  const json: unknown = JSON.parse(await readFile(join(folder, 'preprocessor_config.json'), 'utf8'));
  const { cropHeight, cropWidth } = readPreprocessingSpec(json, folder);
  const plane = 3 * cropHeight * cropWidth;
  const numbers = Float32Array.from({ length: Math.max(...BATCHES) * plane }, (_, index) => Math.sin(index));
  const open = (threads: number) =>
    InferenceSession.create(join(folder, 'onnx', 'vision_model.onnx'), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
    });
  const measure = async (session: InferenceSession, batch: number, count: number): Promise<number> => {
    const startedMs = performance.now();
    for (let done = 0; done < count; done += batch) {
      const size = Math.min(batch, count - done);
      const pixels = new Tensor('float32', numbers.subarray(0, size * plane), [size, 3, cropHeight, cropWidth]);
      await session.run({ pixel_values: pixels });
    }
    return (count / (performance.now() - startedMs)) * 1000;
  };
  const best = await findBest(open, measure, Math.min(images, TRIED));
  const session = await open(best.threads);
  return {
    settings: `${best.threads} threads, ${best.batch} a batch`,
    perSecond: () => measure(session, best.batch, images),
    close: () => session.release(),
  };
}

async function findBest(
  open: (threads: number) => Promise<InferenceSession>,
  measure: (session: InferenceSession, batch: number, count: number) => Promise<number>,
  images: number,
): Promise<Settings> {
  let best: Settings & { perSecond: number } = { threads: 1, batch: 1, perSecond: 0 };
  for (let threads = 1; threads <= availableParallelism(); threads += 1) {
    const session = await open(threads);
    for (const batch of BATCHES) {
      await measure(session, batch, batch);
      const perSecond = await measure(session, batch, images);
      if (perSecond > best.perSecond) best = { threads, batch, perSecond };
    }
    await session.release();
  }
  return best;
}
