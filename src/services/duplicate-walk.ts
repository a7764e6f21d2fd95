import type { Database } from '../db/database.js';
import type { ModelIdentity } from '../types.js';
import { scanForDuplicates, type PairedImage, type PairPosition, type ScannedImage } from './vector/duplicate-sql.js';
import type { EmbeddingStore } from './vector/embedding-store.js';
import type { SearchForm } from './vector/search-sql.js';

/** Two embedded images that are much alike. The id of `one` comes first in the order of bytes. */
export interface AlikeImages {
  one: PairedImage;
  other: PairedImage;
  similarity: number;
}

export interface DuplicateWalkRequest {
  model: ModelIdentity;
  /** Pairs at most. */
  first: number;
  minSimilarity: number;
}

/** Images in one page through an index: each takes a few milliseconds. */
const IMAGES_BY_INDEX = 100;

/** Rows compared in one page without an index: a second on the embedded Postgres, much less on a server. */
const COMPARED_ROWS = 400_000;
const MOST_IMAGES = 500;

/** Of so many nearest through an index one is hardly ever alike enough; where all are, the image is compared with every row. */
const NEAREST_BY_INDEX = 24;

/** Images of one page that may be compared with every row. */
const CROWDED_IMAGES = 4;

/** Goes over embedded images until a page of pairs is full, or enough was looked at. */
export class DuplicateWalk {
  private readonly pairs: AlikeImages[] = [];
  private crowded = 0;

  constructor(
    private readonly parts: { database: Database; embeddings: EmbeddingStore },
    private readonly request: DuplicateWalkRequest,
  ) {}

  /** @returns Pairs in the order of their ids, and where to go on; null at the end. */
  async from(after: PairPosition | null): Promise<{ pairs: AlikeImages[]; next: PairPosition | null }> {
    const form = await this.parts.embeddings.searchForm(this.request.model);
    const images = await this.imagesToScan(form);
    const scanned = await this.scan(form, after, images);
    let position = after;
    for (const image of scanned) {
      const others = await this.othersOf(image, { form, after });
      if (others === null) return { pairs: this.pairs, next: position };
      for (const { similarity, ...other } of others) {
        if (this.pairs.length === this.request.first) return { pairs: this.pairs, next: position };
        this.pairs.push({ one: image, other, similarity });
        position = { imageId: image.imageId, otherImageId: other.imageId };
      }
      position = { imageId: image.imageId, otherImageId: null };
    }
    return { pairs: this.pairs, next: scanned.length < images ? null : position };
  }

  private scan(form: SearchForm, after: PairPosition | null, images: number): Promise<ScannedImage[]> {
    const { model, first, minSimilarity } = this.request;
    // One more than the page has room for tells that there is more.
    const others = form.kind === 'exact' ? first + 1 : NEAREST_BY_INDEX;
    return scanForDuplicates(this.parts.database, model, { form, after, images, others, minSimilarity });
  }

  /**
   * Those behind the image, in order, that no page had.
   *
   * @returns Null where they have to wait for the next page.
   */
  private async othersOf(
    image: ScannedImage,
    { form, after }: { form: SearchForm; after: PairPosition | null },
  ): Promise<ScannedImage['others'] | null> {
    if (form.kind === 'exact') return image.others;
    const lastOther = after?.imageId === image.imageId ? (after.otherImageId ?? '') : '';
    if (image.others.length === NEAREST_BY_INDEX) return this.allOthersOf(image, { ...form, kind: 'exact' }, lastOther);
    return image.others.filter(({ imageId }) => isBehind(imageId, image.imageId) && isBehind(imageId, lastOther));
  }

  private async allOthersOf(
    { imageId }: ScannedImage,
    form: SearchForm,
    otherImageId: string,
  ): Promise<ScannedImage['others'] | null> {
    if (this.crowded === CROWDED_IMAGES) return null;
    this.crowded += 1;
    const [image] = await this.scan(form, { imageId, otherImageId }, 1);
    return image?.imageId === imageId ? image.others : [];
  }

  private async imagesToScan({ kind }: SearchForm): Promise<number> {
    if (kind === 'approximate') return IMAGES_BY_INDEX;
    const rows = await this.parts.embeddings.countRows(this.request.model);
    return Math.max(1, Math.min(MOST_IMAGES, Math.floor(COMPARED_ROWS / Math.max(1, rows))));
  }
}

/** In the order that the database has of ids: that of their bytes. */
function isBehind(id: string, other: string): boolean {
  return Buffer.compare(Buffer.from(id), Buffer.from(other)) > 0;
}
