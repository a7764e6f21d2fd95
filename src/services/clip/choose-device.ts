import { existsSync } from 'node:fs';
import type { ClipDevice } from '../../config.js';
import { ModelUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import { bundledModelFolder } from './clip-models.js';
import { startEncoderThread } from './encoder-thread.js';
import { readPreprocessing, type InferenceDevice } from './model-files.js';
import { visionTower } from './towers.js';

/** What the drivers of NVIDIA make, on Linux and within Windows' Linux. */
const GPU_FILES = ['/dev/nvidiactl', '/dev/dxg'];

/**
 * Decides where the model runs: on the GPU when there is one that works, which is tried with the bundled small model.
 *
 * @throws ModelUnavailableError for `cuda` where that does not work.
 */
export async function chooseDevice(device: ClipDevice, log: Log): Promise<InferenceDevice> {
  if (device === 'cpu') return 'cpu';
  if (device === 'auto' && !GPU_FILES.some(existsSync)) {
    log.info({ reason: 'this machine has no NVIDIA GPU' }, 'the model runs on the CPU');
    return 'cpu';
  }
  const cause = await tryCuda();
  if (cause === null) return 'cuda';
  if (device === 'cuda') {
    throw new ModelUnavailableError(
      "CLIP_DEVICE is cuda, and the model can't be run on a GPU here: install the NVIDIA driver, CUDA 12, cuDNN 9 and the CUDA " +
        'libraries of onnxruntime-node, or set CLIP_DEVICE to auto or cpu.',
      { cause },
    );
  }
  log.info({ reason: 'the CUDA libraries do not load' }, 'the model runs on the CPU');
  return 'cpu';
}

/** @returns null where it works, else why not. */
async function tryCuda(): Promise<unknown> {
  const preprocessing = await readPreprocessing('tiny-clip', bundledModelFolder);
  const model = { tower: 'vision', folder: bundledModelFolder, precision: 'fp32', preprocessing } as const;
  const placement = { device: 'cuda', threads: 1, maxBatch: 1 } as const;
  try {
    const thread = await startEncoderThread(visionTower, { ...model, ...placement }, () => undefined);
    await thread.close();
    return null;
  } catch (error) {
    return error;
  }
}
