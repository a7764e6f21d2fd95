import type { ModelIdentity } from '../types.js';
import { findModel, resolveModel } from './clip/clip-models.js';
import type { EncoderPool } from './clip/encoder-pool.js';
import type { EmbeddingModelStore, StoredModel } from './embedding-model-store.js';
import type { EmbeddingStore } from './vector/embedding-store.js';

/** The model of CLIP_MODEL: what this installation embeds with by default. */
export type ConfiguredModel = Pick<StoredModel, 'name' | 'source'>;

/** A model was asked for that there is not, nor can be. */
export interface UnknownModel {
  kind: 'unknownModel';
  model: string;
  /** The names that would have done; ids of the hub do besides. */
  known: string[];
}

/** What to say of a model that can't be embedded with. */
export function notToEmbedWith({ model, known }: UnknownModel): string {
  const names = `${known.join(', ')}, and any CLIP model of the Hugging Face hub by its id (org/name)`;
  return `There is no model "${model}" to embed with. There are: ${names}.`;
}

/** A model that may be embedded with. */
interface WantedModel extends ConfiguredModel {
  hasRoom: boolean;
  /** Null where they have to be found out. */
  dimensions: number | null;
}

/**
 * Finds out what CLIP_MODEL names. The name of a model that was a folder's stands for that folder once there is room for it.
 *
 * @throws ModelUnavailableError for anything else, saying which names there are.
 */
export async function configuredModel(
  spec: string,
  models: Pick<EmbeddingModelStore, 'find'>,
): Promise<ConfiguredModel> {
  const stored = findModel(spec) === null ? await models.find(spec) : null;
  if (stored !== null) return { name: stored.name, source: stored.source };
  const { name, source, dimensions } = resolveModel(spec);
  return { name, source: source.kind === 'folder' && dimensions === null ? source.folder : spec };
}

export interface ModelRoomOptions {
  models: EmbeddingModelStore;
  embeddings: Pick<EmbeddingStore, 'ensureModel'>;
  pool: Pick<EncoderPool, 'loaded'>;
  configured: ConfiguredModel;
  /** The models with a short name. */
  shortNames: readonly string[];
  /** Called after room was made, so that this process need not find it by itself. */
  onChange: () => void;
  /** Finds out the dimensions of a model that CLIP_MODEL could name, without loading it. */
  describe: (source: string) => Promise<ModelIdentity>;
}

/**
 * Finds and makes room for the models that may be embedded with: those that there is room for, the configured one, those with
 * a short name, and those of the hub by their id. A folder is taken from CLIP_MODEL only: clients have no business there.
 */
export class ModelRoom {
  constructor(private readonly options: ModelRoomOptions) {}

  /** @returns Null where a model may be embedded with; it may have no room yet. */
  async refusalOf(name: string): Promise<UnknownModel | null> {
    return (await this.find(name)) === null ? this.unknown(name) : null;
  }

  /**
   * Makes room for a model where it has none yet.
   *
   * @returns Null where it has room now.
   * @throws ModelUnavailableError where its dimensions can't be found out, or are others than those of its embeddings.
   */
  async ensure(name: string): Promise<UnknownModel | null> {
    const model = await this.find(name);
    if (model === null) return this.unknown(name);
    if (model.hasRoom) return null;
    const { source } = model;
    const dimensions = model.dimensions ?? (await this.options.describe(source ?? name)).dimensions;
    await this.options.embeddings.ensureModel({ name, dimensions, source });
    this.options.onChange();
    return null;
  }

  private async find(name: string): Promise<WantedModel | null> {
    const { models, pool, configured } = this.options;
    const stored = await models.find(name);
    if (stored !== null) return { ...stored, hasRoom: true };
    const dimensions = pool.loaded(name)?.model.dimensions ?? null;
    if (name === configured.name) return { ...configured, dimensions, hasRoom: false };
    return dimensions !== null || isShortNameOrHubId(name) ? { name, source: name, dimensions, hasRoom: false } : null;
  }

  private async unknown(model: string): Promise<UnknownModel> {
    const stored = (await this.options.models.list()).map(({ name }) => name);
    const names = new Set([...stored, this.options.configured.name, ...this.options.shortNames]);
    return { kind: 'unknownModel', model, known: [...names].sort() };
  }
}

/** A folder has another name than its path. */
function isShortNameOrHubId(name: string): boolean {
  return findModel(name)?.name === name;
}
