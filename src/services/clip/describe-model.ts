import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipConfig } from '../../config.js';
import { ModelUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { ModelIdentity } from '../../types.js';
import { modelFolder, MODEL_FILES, resolveModel, type ModelChoice } from './clip-models.js';
import { obtainFile } from './obtain-file.js';

/** What can be told of a model without loading it. */
export interface ModelDescription extends ModelIdentity {
  /** What `CLIP_MODEL` would say to name it from any working directory: a short name, a hub id, or the absolute path of a folder. */
  source: string;
}

export interface DescribeOptions {
  config: ClipConfig;
  log: Log;
}

/**
 * Says what a value of `CLIP_MODEL` names. For a model that has no short name it reads config.json, and downloads nothing else.
 *
 * @throws ModelUnavailableError where there is no such model, or it does not say how long its vectors are.
 */
export async function describeModel(spec: string, options: DescribeOptions): Promise<ModelDescription> {
  const choice = resolveModel(spec);
  const source = choice.source.kind === 'folder' && choice.dimensions === null ? choice.source.folder : spec;
  return { name: choice.name, dimensions: choice.dimensions ?? (await readDimensions(choice, options)), source };
}

async function readDimensions(choice: ModelChoice, options: DescribeOptions): Promise<number> {
  const folder = modelFolder(choice.source, options.config.cacheDir);
  const [file] = MODEL_FILES;
  await obtainFile(choice, { folder, file, files: MODEL_FILES }, options);
  const dimensions = projectionOf(await readFile(join(folder, file), 'utf8'));
  if (dimensions !== null) return dimensions;
  throw new ModelUnavailableError(
    `The file ${file} of the model "${choice.name}" does not say how long its vectors are ("projection_dim", a whole number from ` +
      '1 to 3,500): it is damaged or not that of a CLIP model.',
  );
}

/** Longer ones would not fit the page of a table, so there is no room for them. */
const MAX_DIMENSIONS = 3500;

function projectionOf(config: string): number | null {
  try {
    const { projection_dim: dimensions } = JSON.parse(config) as { projection_dim?: unknown };
    const isLength = typeof dimensions === 'number' && Number.isInteger(dimensions);
    return isLength && dimensions >= 1 && dimensions <= MAX_DIMENSIONS ? dimensions : null;
  } catch {
    return null;
  }
}
