import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipConfig } from '../../config.js';
import { ModelUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import { MODEL_FILES, type ModelChoice } from './clip-models.js';
import { DownloadError, downloadFile, type DownloadFailure } from './download-file.js';

export interface ObtainOptions {
  config: Pick<ClipConfig, 'cacheDir' | 'endpoint' | 'token' | 'offline'>;
  log: Log;
  /** Breaks downloads off; what has come stays for the next one. */
  signal?: AbortSignal | undefined;
}

/** One file of a model, by its path within the model's folder. */
export interface FileOfModel {
  folder: string;
  file: string;
  /** All that have to be there together, for messages. */
  files: readonly string[];
}

/** The hub and its mirrors answer within a second; this leaves room for a slow line, not for a dead one. */
const STALL_MS = 30_000;

/**
 * Makes sure that a file of a model is there, downloading it where it is not.
 *
 * @throws ModelUnavailableError where it can't be had, saying what to do.
 */
export async function obtainFile(choice: ModelChoice, wanted: FileOfModel, options: ObtainOptions): Promise<void> {
  const absence = await lookFor(choice, wanted, options);
  if (absence !== null) throw new ModelUnavailableError(absenceSentence(absence, choice, { ...wanted, options }));
}

/**
 * As {@link obtainFile}, for a file that not every model has.
 *
 * @returns false where the model has none, and where it is not downloaded and must not be.
 * @throws ModelUnavailableError where the hub does not say whether the model has it, or it can't be brought here.
 */
export async function obtainFileIfAny(
  choice: ModelChoice,
  wanted: FileOfModel,
  options: ObtainOptions,
): Promise<boolean> {
  return (await lookFor(choice, wanted, options)) === null;
}

/** Why a file is not there. */
type Absence = { kind: 'folder' } | { kind: 'offline' } | { kind: 'hub'; failure: StatusFailure };

type StatusFailure = DownloadFailure & { kind: 'status' };

/** @returns null where the file is there now. */
async function lookFor(choice: ModelChoice, wanted: FileOfModel, options: ObtainOptions): Promise<Absence | null> {
  if (existsSync(join(wanted.folder, wanted.file))) return null;
  if (choice.source.kind === 'folder') return { kind: 'folder' };
  if (options.config.offline) return { kind: 'offline' };
  try {
    await download(choice.source.id, wanted, options);
    return null;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    const { failure } = error;
    if (failure.kind === 'status' && failure.status === 404) return { kind: 'hub', failure };
    throw new ModelUnavailableError(sentence(failure, choice, { ...wanted, options }), { cause: error });
  }
}

interface Context extends FileOfModel {
  options: ObtainOptions;
}

function absenceSentence(absence: Absence, choice: ModelChoice, context: Context): string {
  switch (absence.kind) {
    case 'folder':
      return missingInFolder(choice, context);
    case 'offline':
      return notDownloaded(`The model "${choice.name}"`);
    case 'hub':
      return sentence(absence.failure, choice, context);
  }
}

/** @param what - as the beginning of a sentence: `The model "clip-ViT-B-32"`. */
export function notDownloaded(what: string): string {
  return (
    `${what} is not downloaded yet and HF_HUB_OFFLINE is true: start once without it, or copy the model into ` +
    'CLIP_CACHE_DIR.'
  );
}

function missingInFolder({ name }: ModelChoice, { folder, file, files }: FileOfModel): string {
  if (!existsSync(folder)) {
    return `The folder of the model "${name}" does not exist: set CLIP_MODEL to a folder that holds ${files.join(', ')}.`;
  }
  return (
    `The folder of the model "${name}" has no ${file}: it has to hold ${files.join(', ')}, as a CLIP model that was exported ` +
    'to ONNX does on the Hugging Face hub.'
  );
}

async function download(id: string, { folder, file }: FileOfModel, options: ObtainOptions): Promise<void> {
  const { config, log, signal } = options;
  let loggedTenths = 0;
  log.info({ model: id, file }, 'downloading a file of the model');
  await downloadFile({
    url: new URL(`${id}/resolve/main/${file}`, config.endpoint).href,
    path: join(folder, file),
    token: config.token,
    stallMs: STALL_MS,
    signal,
    onProgress: (doneBytes, totalBytes) => {
      const tenths = totalBytes === null ? 0 : Math.floor((10 * doneBytes) / totalBytes);
      if (tenths > loggedTenths && tenths < 10)
        log.info({ model: id, file, percent: 10 * tenths }, 'downloading a file of the model');
      loggedTenths = tenths;
    },
  });
  log.info({ model: id, file }, 'downloaded a file of the model');
}

function sentence(failure: DownloadFailure, choice: ModelChoice, { file, options }: Context): string {
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
  failure: StatusFailure,
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

function isModelAbsent(errorCode: string | null, file: string): boolean {
  return errorCode === null ? file === MODEL_FILES[0] : errorCode === 'RepoNotFound';
}
