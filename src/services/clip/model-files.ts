import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipConfig } from '../../config.js';
import { ModelUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import { MODEL_FILES, modelFolder, type ModelChoice } from './clip-models.js';
import { DownloadError, downloadFile, type DownloadFailure } from './download-file.js';
import { readPreprocessingSpec, type PreprocessingSpec } from './preprocessing-spec.js';

export type Precision = 'fp32' | 'fp16';

export type InferenceDevice = 'cpu' | 'cuda';

/** A model whose files are all there. */
export interface LoadableModel {
  folder: string;
  precision: Precision;
  preprocessing: PreprocessingSpec;
}

export interface ModelFilesOptions {
  config: Pick<ClipConfig, 'cacheDir' | 'endpoint' | 'token' | 'offline'>;
  device: InferenceDevice;
  log: Log;
}

/** Half the bytes, and the faster one on a GPU; on a CPU it is twice as slow. */
const HALF_PRECISION_FILE = 'onnx/vision_model_fp16.onnx';

/** The hub and its mirrors answer within a second; this leaves room for a slow line, not for a dead one. */
const STALL_MS = 30_000;

/**
 * Makes sure that the files of a model are there, downloading those that are missing.
 *
 * @throws ModelUnavailableError where one can't be had, or the preprocessing it asks for is not supported.
 */
export async function obtainModelFiles(choice: ModelChoice, options: ModelFilesOptions): Promise<LoadableModel> {
  const folder = modelFolder(choice.source, options.config.cacheDir);
  const precision = (await obtainHalfPrecision(choice, folder, options)) ? 'fp16' : 'fp32';
  for (const file of MODEL_FILES) {
    const isReplaced = precision === 'fp16' && file === 'onnx/vision_model.onnx';
    if (!isReplaced) await obtainFile(choice, { folder, file }, options);
  }
  return { folder, precision, preprocessing: await readPreprocessing(choice.name, folder) };
}

/** Not every model has its weights in half precision; then the full ones serve. */
async function obtainHalfPrecision(choice: ModelChoice, folder: string, options: ModelFilesOptions): Promise<boolean> {
  if (options.device === 'cpu') return false;
  const path = join(folder, HALF_PRECISION_FILE);
  if (existsSync(path)) return true;
  if (choice.source.kind === 'folder' || options.config.offline) return false;
  try {
    await download(choice.source.id, { folder, file: HALF_PRECISION_FILE }, options);
    return true;
  } catch (error) {
    if (error instanceof DownloadError && isAbsent(error.failure)) return false;
    throw translate(error, choice, { file: HALF_PRECISION_FILE, options });
  }
}

interface FileOfModel {
  folder: string;
  file: string;
}

async function obtainFile(
  choice: ModelChoice,
  { folder, file }: FileOfModel,
  options: ModelFilesOptions,
): Promise<void> {
  if (existsSync(join(folder, file))) return;
  if (choice.source.kind === 'folder') throw missingInFolder(choice, folder, file);
  if (options.config.offline) {
    throw new ModelUnavailableError(
      `The model "${choice.name}" is not downloaded yet and HF_HUB_OFFLINE is true: start once without it, or copy the ` +
        'model into CLIP_CACHE_DIR.',
    );
  }
  try {
    await download(choice.source.id, { folder, file }, options);
  } catch (error) {
    throw translate(error, choice, { file, options });
  }
}

function missingInFolder(choice: ModelChoice, folder: string, file: string): ModelUnavailableError {
  if (!existsSync(folder)) {
    return new ModelUnavailableError(
      `The folder of the model "${choice.name}" does not exist: set CLIP_MODEL to a folder that holds ${MODEL_FILES.join(', ')}.`,
    );
  }
  return new ModelUnavailableError(
    `The folder of the model "${choice.name}" has no ${file}: it has to hold ${MODEL_FILES.join(', ')}, as a CLIP model that ` +
      'was exported to ONNX does on the Hugging Face hub.',
  );
}

async function download(id: string, { folder, file }: FileOfModel, options: ModelFilesOptions): Promise<void> {
  const { config, log } = options;
  let loggedTenths = 0;
  log.info({ model: id, file }, 'downloading a file of the model');
  await downloadFile({
    url: new URL(`${id}/resolve/main/${file}`, config.endpoint).href,
    path: join(folder, file),
    token: config.token,
    stallMs: STALL_MS,
    onProgress: (doneBytes, totalBytes) => {
      const tenths = totalBytes === null ? 0 : Math.floor((10 * doneBytes) / totalBytes);
      if (tenths > loggedTenths && tenths < 10)
        log.info({ model: id, file, percent: 10 * tenths }, 'downloading a file of the model');
      loggedTenths = tenths;
    },
  });
  log.info({ model: id, file }, 'downloaded a file of the model');
}

interface TranslationContext {
  file: string;
  options: ModelFilesOptions;
}

function translate(error: unknown, choice: ModelChoice, { file, options }: TranslationContext): unknown {
  if (!(error instanceof DownloadError)) return error;
  return new ModelUnavailableError(sentence(error.failure, choice, { file, options }), { cause: error });
}

function sentence(failure: DownloadFailure, choice: ModelChoice, { file, options }: TranslationContext): string {
  const host = new URL(options.config.endpoint).host;
  switch (failure.kind) {
    case 'network':
      return (
        `The model "${choice.name}" can't be downloaded as ${host} does not answer: check the connection, set HF_ENDPOINT to a ` +
        'mirror, or set CLIP_MODEL to a folder with the model.'
      );
    case 'damaged':
      return `The file ${file} of the model "${choice.name}" arrived damaged from ${host}: start again, or set HF_ENDPOINT to another mirror.`;
    case 'disk':
      return `The file ${file} of the model "${choice.name}" can't be saved (${failure.code}): make room or set CLIP_CACHE_DIR to another folder.`;
    case 'status':
      return statusSentence(failure, choice, { file, host });
  }
}

function statusSentence(
  failure: DownloadFailure & { kind: 'status' },
  choice: ModelChoice,
  { file, host }: { file: string; host: string },
): string {
  const { status, errorCode } = failure;
  // The hub says 401 of a model that does not exist, lest private names be guessed; and the first file tells the two apart.
  if (status === 401 || status === 403 || (status === 404 && isModelAbsent(errorCode, file))) {
    return (
      `${host} has no model "${choice.name}" that may be downloaded (it answered ${status}): check CLIP_MODEL, or set HF_TOKEN to a ` +
      'token that may read it.'
    );
  }
  if (status === 404) {
    return (
      `The model "${choice.name}" on ${host} has no ${file}: choose a CLIP model that was exported to ONNX, such as ` +
      'Xenova/clip-vit-base-patch32.'
    );
  }
  return `The model "${choice.name}" can't be downloaded as ${host} answered ${status}: try again later, or set HF_ENDPOINT to a mirror.`;
}

function isAbsent(failure: DownloadFailure): boolean {
  return failure.kind === 'status' && failure.status === 404;
}

function isModelAbsent(errorCode: string | null, file: string): boolean {
  return errorCode === null ? file === MODEL_FILES[0] : errorCode === 'RepoNotFound';
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
