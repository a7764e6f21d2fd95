import DataLoader from 'dataloader';
import { NO_OBSERVER, type Observer } from '../observer.js';
import type { ModelIdentity } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import { makeCatalogLoaders, type CatalogLoaders } from './catalog/catalog-loaders.js';
import type { EmbeddingStore, OwnEmbedding } from './vector/embedding-store.js';

export interface OwnEmbeddingKey {
  model: ModelIdentity;
  productId: string;
}

/** Gather what one request asks of both databases, search by search and field by field, into one statement a kind. */
export interface RequestLoaders extends CatalogLoaders {
  /** Null where nothing of the product is embedded. */
  ownEmbedding: DataLoader<OwnEmbeddingKey, OwnEmbedding | null, string>;
}

export interface RequestLoaderParts {
  catalog: Catalog;
  embeddings: EmbeddingStore;
  /** By default nobody watches. */
  observer?: Observer;
}

/** Makes loaders for one request: they remember what they read until they are dropped. */
export function makeRequestLoaders(parts: RequestLoaderParts): RequestLoaders {
  const { catalog, embeddings, observer = NO_OBSERVER } = parts;
  const ownEmbedding = new DataLoader<OwnEmbeddingKey, OwnEmbedding | null, string>(
    (keys) => observer.time('search', () => readOwnEmbeddings(embeddings, keys)),
    { cacheKeyFn: ({ model, productId }) => JSON.stringify([model.name, productId]) },
  );
  return { ...makeCatalogLoaders(catalog, observer), ownEmbedding };
}

async function readOwnEmbeddings(
  embeddings: EmbeddingStore,
  keys: readonly OwnEmbeddingKey[],
): Promise<(OwnEmbedding | null)[]> {
  const models = new Map(keys.map(({ model }) => [model.name, model]));
  const found = new Map<string, Map<string, OwnEmbedding>>();
  for (const [name, model] of models) {
    const productIds = keys.filter((key) => key.model.name === name).map(({ productId }) => productId);
    found.set(name, await embeddings.ownEmbeddings(model, productIds));
  }
  return keys.map(({ model, productId }) => found.get(model.name)?.get(productId) ?? null);
}
