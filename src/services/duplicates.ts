import type { Database } from '../db/database.js';
import { AppError, BadUserInputError } from '../errors.js';
import type { CatalogImage, ModelIdentity, Product } from '../types.js';
import type { CatalogLoaders } from './catalog/catalog-loaders.js';
import { DuplicateWalk, type AlikeImages } from './duplicate-walk.js';
import type { EmbeddingModelStore } from './embedding-model-store.js';
import { unknownModel } from './embedding-models.js';
import { matchKindOf, matchKindThresholds, type MatchKind } from './match-kind.js';
import type { PairedImage, PairPosition } from './vector/duplicate-sql.js';
import type { EmbeddingStore } from './vector/embedding-store.js';

/** Two pictures that are much alike, of different products. */
export interface DuplicatePair {
  /** Cosine of the two pictures. */
  similarity: number;
  matchKind: MatchKind;
  /** In the order of the ids of their images. */
  products: [Product, Product];
  /** The pictures, in the same order. */
  images: [CatalogImage, CatalogImage];
  /** Its place in the list. */
  position: PairPosition;
}

export interface DuplicatePage {
  /** At most as many as were asked for; maybe none although there are more. */
  pairs: DuplicatePair[];
  /** Where to go on; null at the end. */
  next: PairPosition | null;
}

export interface DuplicateRequest {
  /** From 1 to {@link MAX_DUPLICATE_PAIRS}. */
  first: number;
  /** Where to begin; null with the first image. */
  after: PairPosition | null;
  minKind: MatchKind;
  /** Null takes the model that answers searches. */
  model: string | null;
}

export interface DuplicateServiceOptions {
  database: Database;
  models: Pick<EmbeddingModelStore, 'list'>;
  embeddings: EmbeddingStore;
}

export const MAX_DUPLICATE_PAIRS = 100;

/** Finds products that have the same picture, or nearly. */
export class DuplicateService {
  constructor(private readonly options: DuplicateServiceOptions) {}

  /**
   * A page of pairs, each once, in the order of image ids. It looks at a bounded number of images, so that it may end before
   * it is full.
   *
   * @throws BadUserInputError where `first` is out of bounds, or `minKind` is SIMILAR.
   * @throws AppError NOT_FOUND where there is no such model.
   */
  async page(request: DuplicateRequest, loaders: CatalogLoaders): Promise<DuplicatePage> {
    const { first, after } = request;
    checkFirst(first);
    const minSimilarity = thresholdOf(request.minKind);
    const model = await this.find(request.model);
    if (model === null) return { pairs: [], next: null };
    const walk = new DuplicateWalk(this.options, { model, first, minSimilarity: minSimilarity(model) });
    const { pairs, next } = await walk.from(after);
    const known = await Promise.all(pairs.map((pair) => toPair(pair, model, loaders)));
    return { pairs: known.filter((pair) => pair !== null), next };
  }

  /** Null where there is no model yet, so that nothing is embedded. */
  private async find(name: string | null): Promise<ModelIdentity | null> {
    const models = await this.options.models.list();
    const found = models.find((model) => (name === null ? model.isActive : model.name === name));
    if (found !== undefined) return { name: found.name, dimensions: found.dimensions };
    if (name === null) return null;
    const known = models.map((model) => model.name);
    const message = unknownModel({ kind: 'unknownModel', model: name, known });
    throw new AppError('NOT_FOUND', message, { details: { argument: 'model' } });
  }
}

/** Null where the catalogue no longer has both. */
async function toPair(
  { one, other, similarity }: AlikeImages,
  model: ModelIdentity,
  loaders: CatalogLoaders,
): Promise<DuplicatePair | null> {
  const [first, second] = await Promise.all([lookUp(one, loaders), lookUp(other, loaders)]);
  if (first === null || second === null) return null;
  const isSameFile = one.contentHash !== null && one.contentHash === other.contentHash;
  return {
    similarity,
    matchKind: matchKindOf({ model: model.name, similarity, isSameFile }),
    products: [first.product, second.product],
    images: [first.image, second.image],
    position: { imageId: one.imageId, otherImageId: other.imageId },
  };
}

/** Null where the catalogue no longer has it so. */
async function lookUp(
  { imageId, productId }: PairedImage,
  { product: products, image: images }: CatalogLoaders,
): Promise<{ product: Product; image: CatalogImage } | null> {
  const [product, image] = await Promise.all([products.load(productId), images.load(imageId)]);
  return product !== null && image?.productId === productId ? { product, image } : null;
}

/** @throws BadUserInputError */
function thresholdOf(minKind: MatchKind): (model: ModelIdentity) => number {
  switch (minKind) {
    case 'SAME_IMAGE':
      return ({ name }) => matchKindThresholds(name).sameImage;
    case 'NEAR_DUPLICATE':
      return ({ name }) => matchKindThresholds(name).nearDuplicate;
    case 'SIMILAR': {
      const message =
        '`minKind` must be SAME_IMAGE or NEAR_DUPLICATE, and SIMILAR is not: of two products most are that.';
      throw new BadUserInputError('minKind', message);
    }
  }
}

/** @throws BadUserInputError */
function checkFirst(first: number): void {
  if (first >= 1 && first <= MAX_DUPLICATE_PAIRS) return;
  throw new BadUserInputError('first', `\`first\` must be from 1 to ${MAX_DUPLICATE_PAIRS}, and ${first} is not.`);
}
