import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledModelFolder, TEXT_FILES } from '../../src/services/clip/clip-models.js';

/** Copies the bundled model, to be spoiled. */
export async function copyModel(folder: string): Promise<void> {
  await cp(bundledModelFolder, folder, { recursive: true });
}

/** Copies what of the bundled model looks at pictures: a model that knows no words. */
export async function copyImageTower(folder: string): Promise<void> {
  await copyModel(folder);
  await Promise.all(TEXT_FILES.map((file) => rm(join(folder, file))));
}
