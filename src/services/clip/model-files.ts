import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelUnavailableError } from '../../errors.js';
import { modelFolder, MODEL_FILES, noTextTower, TEXT_FILES, TEXT_MODEL_FILE, type ModelChoice } from './clip-models.js';
import { notDownloaded, obtainFile, obtainFileIfAny, type ObtainOptions } from './obtain-file.js';
import { readPreprocessingSpec, type PreprocessingSpec } from './preprocessing-spec.js';

export type Precision = 'fp32' | 'fp16';

export type InferenceDevice = 'cpu' | 'cuda';

/** A tower of a model, whose files are all there. */
export interface LoadableTower {
  folder: string;
  precision: Precision;
}

/** A model whose image tower is all there. */
export interface LoadableModel extends LoadableTower {
  preprocessing: PreprocessingSpec;
}

export interface ModelFilesOptions extends ObtainOptions {
  device: InferenceDevice;
}

/**
 * Makes sure that the files of a model's image tower are there, downloading those that are missing.
 *
 * @throws ModelUnavailableError where one can't be had, or the preprocessing it asks for is not supported.
 */
export async function obtainModelFiles(choice: ModelChoice, options: ModelFilesOptions): Promise<LoadableModel> {
  const folder = modelFolder(choice.source, options.config.cacheDir);
  const precision = await obtainHalfPrecision(choice, MODEL_FILES, options);
  await obtainFiles(choice, { files: MODEL_FILES, precision }, options);
  return { folder, precision, preprocessing: await readPreprocessing(choice.name, folder) };
}

/**
 * The same for the text tower of a model whose image tower is there.
 *
 * @throws ModelUnavailableError where the model has none, or one of its files can't be had.
 */
export async function obtainTextFiles(choice: ModelChoice, options: ModelFilesOptions): Promise<LoadableTower> {
  const folder = modelFolder(choice.source, options.config.cacheDir);
  const precision = await obtainHalfPrecision(choice, TEXT_FILES, options);
  const file = withPrecision(TEXT_MODEL_FILE, precision);
  if (!(await obtainFileIfAny(choice, { folder, file, files: TEXT_FILES }, options))) {
    const isUnknown = choice.source.kind === 'hub' && options.config.offline;
    if (isUnknown) throw new ModelUnavailableError(notDownloaded(`The text tower of the model "${choice.name}"`));
    throw noTextTower(choice.name);
  }
  await obtainFiles(choice, { files: TEXT_FILES, precision }, options);
  return { folder, precision };
}

/** Half the bytes, and the faster one on a GPU; on a CPU it is twice as slow. Not every model has it: then the full one serves. */
async function obtainHalfPrecision(
  choice: ModelChoice,
  files: readonly string[],
  options: ModelFilesOptions,
): Promise<Precision> {
  if (options.device === 'cpu') return 'fp32';
  const folder = modelFolder(choice.source, options.config.cacheDir);
  const weights = files.filter((file) => withPrecision(file, 'fp16') !== file);
  for (const file of weights) {
    if (!(await obtainFileIfAny(choice, { folder, file: withPrecision(file, 'fp16'), files }, options))) return 'fp32';
  }
  return 'fp16';
}

async function obtainFiles(
  choice: ModelChoice,
  { files, precision }: { files: readonly string[]; precision: Precision },
  options: ModelFilesOptions,
): Promise<void> {
  const folder = modelFolder(choice.source, options.config.cacheDir);
  for (const file of files) await obtainFile(choice, { folder, file: withPrecision(file, precision), files }, options);
}

/** The names that the library looks for; only weights have a precision. */
function withPrecision(file: string, precision: Precision): string {
  return precision === 'fp32' ? file : file.replace(/\.onnx$/, `_${precision}.onnx`);
}

/** @throws ModelUnavailableError for settings that are damaged or not supported. */
export async function readPreprocessing(name: string, folder: string): Promise<PreprocessingSpec> {
  const text = await readFile(join(folder, 'preprocessor_config.json'), 'utf8');
  return readPreprocessingSpec(parseJson(text, name), name);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `The file preprocessor_config.json of the model "${name}" is damaged: delete the model's folder and get it anew.`;
    throw new ModelUnavailableError(message, { cause: error });
  }
}
