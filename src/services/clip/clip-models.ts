import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import type { ClipConfig } from '../../config.js';
import { ModelUnavailableError } from '../../errors.js';
import { projectRoot } from '../../paths.js';

/** Where the files of a model come from. */
export type ModelSource = { kind: 'hub'; id: string } | { kind: 'folder'; folder: string };

/** A model as `CLIP_MODEL` names it. */
export interface ModelChoice {
  /** The `model_version` of the rows it makes. */
  name: string;
  source: ModelSource;
  /** Length of its vectors; null where only loading it tells. */
  dimensions: number | null;
}

/** A line of `lookalike models`. */
export interface ModelListing extends ModelChoice {
  dimensions: number;
  /** Folder that its files are in, or go to when it is first used. */
  folder: string;
  isDownloaded: boolean;
}

/** The folder of the model that comes with the project, small enough to ship. */
export const bundledModelFolder = join(projectRoot, 'models', 'tiny-clip');

/**
 * The models with a short name. Those from the hub are OpenAI's own weights as ONNX, under the names that
 * sentence-transformers gave them; the dimensions are `projection_dim` of their config.json.
 */
const NAMED_MODELS: readonly (ModelChoice & { dimensions: number })[] = [
  { name: 'clip-ViT-B-32', source: { kind: 'hub', id: 'Xenova/clip-vit-base-patch32' }, dimensions: 512 },
  { name: 'clip-ViT-B-16', source: { kind: 'hub', id: 'Xenova/clip-vit-base-patch16' }, dimensions: 512 },
  { name: 'clip-ViT-L-14', source: { kind: 'hub', id: 'Xenova/clip-vit-large-patch14' }, dimensions: 768 },
  { name: 'tiny-clip', source: { kind: 'folder', folder: bundledModelFolder }, dimensions: 512 },
];

/** The half of a model that makes vectors of texts, where it has one. */
export const TEXT_MODEL_FILE = 'onnx/text_model.onnx';

/** Files of a text tower. The library reads the tokenizer from nowhere else. */
export const TEXT_FILES = [TEXT_MODEL_FILE, 'tokenizer.json', 'tokenizer_config.json'] as const;

/** Files that every model has, in the hub's layout. */
export const MODEL_FILES = ['config.json', 'preprocessor_config.json', 'onnx/vision_model.onnx'] as const;

/**
 * Finds out what `CLIP_MODEL` names: a short name, a hub id (`org/name`), or a folder (`/…`, `./…`, `../…`, `~/…`), which
 * gives the model its name.
 *
 * @throws ModelUnavailableError for anything else, saying which names there are.
 */
export function resolveModel(model: string): ModelChoice {
  const found = findModel(model);
  if (found !== null) return found;
  const suggestion = suggestionFor(model);
  const hint = suggestion === undefined ? '' : ` Did you mean ${suggestion.name}?`;
  throw new ModelUnavailableError(
    `There is no model "${model}".${hint} CLIP_MODEL takes ${NAMED_MODELS.map(({ name }) => name).join(', ')}, the id of a ` +
      'CLIP model on the Hugging Face hub (org/name), or a folder (./my-model).',
  );
}

/** As {@link resolveModel}; null for what names no model. */
export function findModel(model: string): ModelChoice | null {
  const named = NAMED_MODELS.find(({ name }) => name === model);
  if (named !== undefined) return named;
  if (isFolder(model)) {
    const folder = resolve(model.replace(/^~(?=[/\\]|$)/, homedir()));
    return { name: basename(folder), source: { kind: 'folder', folder }, dimensions: null };
  }
  if (!HUB_ID.test(model) || suggestionFor(model) !== undefined) return null;
  return { name: model, source: { kind: 'hub', id: model }, dimensions: null };
}

function suggestionFor(model: string): ModelChoice | undefined {
  return NAMED_MODELS.find(({ name }) => simplified(name) === simplified(model));
}

/** The models with a short name, and whether their files are there already. */
export function listModels(config: Pick<ClipConfig, 'cacheDir'>): ModelListing[] {
  return NAMED_MODELS.map((model) => {
    const folder = modelFolder(model.source, config.cacheDir);
    return { ...model, folder, isDownloaded: MODEL_FILES.every((file) => existsSync(join(folder, file))) };
  });
}

/** The folder that the files of a model are in, or are downloaded to: the layout that transformers.js itself caches in. */
export function modelFolder(source: ModelSource, cacheDir: string): string {
  return source.kind === 'folder' ? source.folder : join(cacheDir, ...source.id.split('/'));
}

/** Says of a model without a text tower which ones have one; `details.models` has their names. */
export function noTextTower(name: string): ModelUnavailableError {
  const models = NAMED_MODELS.filter((model) => model.name !== name && hasTextTower(model)).map((model) => model.name);
  return new ModelUnavailableError(
    `The model "${name}" has no text tower, so it can't search by words. Models that have one: ${models.join(', ')}.`,
    { details: { models }, logLevel: 'info' },
  );
}

/** Those with a short name on the hub all have one; whether a folder has, its files say. */
function hasTextTower({ source }: ModelChoice): boolean {
  return source.kind === 'hub' || existsSync(join(source.folder, TEXT_MODEL_FILE));
}

/** The hub's own rule for ids, less those without an organisation. */
const HUB_ID = /^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/;

function isFolder(model: string): boolean {
  return isAbsolute(model) || /^(\.{1,2}|~)([/\\]|$)/.test(model);
}

/** What is left of a name when people write it their way: `ViT-B/32`, `clip_vit_b32`. */
function simplified(name: string): string {
  return name
    .toLowerCase()
    .replace(/^clip/, '')
    .replace(/[^a-z0-9]/g, '');
}
