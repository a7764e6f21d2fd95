import type { CatalogImage, ImageScope } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import { DearAnswers } from './dear-answers.js';
import type { FailureStore, KnownFailure } from './failure-store.js';
import { isStale } from './sort-image.js';
import type { EmbeddingStore } from './vector/embedding-store.js';

/** How many of the catalogue's images a model has embedded. */
export interface Coverage {
  total: number;
  /** With a current embedding. */
  embedded: number;
  /** Without an embedding, and not failed. */
  missing: number;
  /** Embedded, but changed in the catalogue since. */
  stale: number;
  /** Without an embedding, since the last try failed. */
  failed: number;
}

export interface CoverageOptions {
  imageScope: ImageScope;
  catalog: Catalog;
  embeddings: EmbeddingStore;
  failures: FailureStore;
}

const PAGE_SIZE = 5000;

/** Counts by comparing both databases, and remembers the answer for as long as counting was dear. */
export class CoverageService {
  private readonly coverages: DearAnswers<Coverage>;
  private readonly rows: DearAnswers<number>;

  constructor(
    private readonly options: CoverageOptions,
    nowMs?: () => number,
  ) {
    this.coverages = new DearAnswers((model) => this.count(model), nowMs);
    this.rows = new DearAnswers((model) => options.embeddings.countRows({ name: model }), nowMs);
  }

  /**
   * @param model - its name.
   * @param since - an answer whose counting began before this time (of `performance.now()`) is not good enough.
   */
  current(model: string, since = 0): Promise<Coverage> {
    return this.coverages.current(model, since);
  }

  /** How many embeddings a model has, whatever the catalogue says of their images. */
  embeddingCount(model: string): Promise<number> {
    return this.rows.current(model);
  }

  private async count(model: string): Promise<Coverage> {
    const { catalog, imageScope } = this.options;
    const coverage: Coverage = { total: 0, embedded: 0, missing: 0, stale: 0, failed: 0 };
    let after: string | null = null;
    for (;;) {
      const page = await catalog.imagePage({ scope: imageScope, after, until: null, limit: PAGE_SIZE });
      await this.addPage(coverage, { model, page });
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE_SIZE) return coverage;
    }
  }

  private async addPage(
    coverage: Coverage,
    { model, page }: { model: string; page: readonly CatalogImage[] },
  ): Promise<void> {
    const ids = page.map((image) => image.id);
    const { embeddings, failures } = this.options;
    const [stored, failed] = await Promise.all([
      embeddings.storedImages({ name: model }, ids),
      failures.knownAmong(model, ids),
    ]);
    coverage.total += page.length;
    for (const image of page) {
      const known = stored.get(image.id);
      if (known !== undefined) coverage[isStale(known, image) ? 'stale' : 'embedded'] += 1;
      else coverage[isFailed(failed.get(image.id), image) ? 'failed' : 'missing'] += 1;
    }
  }
}

/** A failure stands for the image as it was when it was tried: one that has changed since is merely missing. */
function isFailed(failure: KnownFailure | undefined, image: CatalogImage): boolean {
  return failure !== undefined && !isStale(failure, image);
}
