import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readPreprocessingSpec } from '../src/services/clip/preprocessing-spec.js';
import { mapAtOnce } from './map-at-once.js';

/**
 * Decodes photographs and scales them to what a model sees, in sharp alone with one photograph a core.
 *
 * @param folder - of the model, in the hub's layout.
 * @returns Images a second.
 */
export async function sharpAlone(
  photographs: readonly Buffer[],
  { images, folder }: { images: number; folder: string },
): Promise<number> {
  const json: unknown = JSON.parse(await readFile(join(folder, 'preprocessor_config.json'), 'utf8'));
  const { cropWidth, cropHeight } = readPreprocessingSpec(json, folder);
  const work = Array.from({ length: images }, (_, index) => photographs[index % photographs.length] ?? Buffer.alloc(0));
  const startedMs = performance.now();
  await mapAtOnce(work, availableParallelism(), (jpeg) =>
    sharp(jpeg, { sequentialRead: true })
      .resize(cropWidth, cropHeight, { fit: 'cover', kernel: 'cubic' })
      .raw()
      .toBuffer(),
  );
  return (images / (performance.now() - startedMs)) * 1000;
}
