import DataLoader from 'dataloader';
import { NO_OBSERVER, type Observer } from '../../observer.js';
import type { CatalogImage, Product } from '../../types.js';
import type { Catalog } from './catalog.js';

/** Gather what one request asks of the catalogue, field by field, into one statement a kind. */
export interface CatalogLoaders {
  /** Null where the catalogue has no such product. */
  product: DataLoader<string, Product | null>;
  /** Null where the catalogue has no such image. */
  image: DataLoader<string, CatalogImage | null>;
  /** By product id: main images first; `[]` where it has none. */
  imagesOfProduct: DataLoader<string, CatalogImage[]>;
}

/** Keys in one statement at most; a request that asks for more gets several, at the same time. */
const MAX_BATCH_SIZE = 1000;

/** Makes loaders for one request: they remember what they read until they are dropped. */
export function makeCatalogLoaders(catalog: Catalog, observer: Observer = NO_OBSERVER): CatalogLoaders {
  const timed =
    <Found>(find: Find<Found>): Find<Found> =>
    (ids) =>
      observer.time('hydrate', () => find(ids));
  return {
    product: makeLoader(
      timed((ids) => catalog.findProducts(ids)),
      noRow,
    ),
    image: makeLoader(
      timed((ids) => catalog.findImages(ids)),
      noRow,
    ),
    imagesOfProduct: makeLoader(
      timed((ids) => catalog.imagesOfProducts(ids)),
      noImages,
    ),
  };
}

const noRow = () => null;
const noImages = (): CatalogImage[] => [];

type Find<Found> = (ids: readonly string[]) => Promise<Map<string, Found>>;

function makeLoader<Found, Missing>(find: Find<Found>, missing: () => Missing): DataLoader<string, Found | Missing> {
  return new DataLoader<string, Found | Missing>(
    async (ids) => {
      const found = await find(ids);
      return ids.map((id) => found.get(id) ?? missing());
    },
    { maxBatchSize: MAX_BATCH_SIZE },
  );
}
