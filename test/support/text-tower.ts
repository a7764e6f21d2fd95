import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundledModelFolder } from '../../src/services/clip/clip-models.js';

/** A text tower that fits the bundled model: its form is CLIP's, and it has learned nothing. */
export const textTowerFolder = fileURLToPath(new URL('../fixtures/text-tower/', import.meta.url));

/** Makes a folder of the bundled model with that text tower. */
export async function copyModelWithText(folder: string): Promise<void> {
  await cp(bundledModelFolder, folder, { recursive: true });
  await cp(textTowerFolder, folder, { recursive: true });
}
