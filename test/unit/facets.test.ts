import { describe, expect, it } from 'vitest';
import type { CatalogFacets } from '../../src/services/catalog/catalog-facets.js';
import { FacetService } from '../../src/services/facets.js';

const HOUR_MS = 3_600_000;

const FACETS: CatalogFacets = {
  categories: ['lamps', 'mugs', 'vases'].map((value) => ({ value, count: 1 })),
  brands: [],
  price: null,
  hasStock: false,
};

/** A catalogue that counts how often it is asked, and answers when it is told to. */
function slowCatalog() {
  const waiting: Question[] = [];
  const facets = (): Promise<CatalogFacets> =>
    new Promise((resolve, reject) => waiting.push({ resolve: () => resolve(FACETS), reject }));
  return { facets, waiting };
}

interface Question {
  resolve: () => void;
  reject: (error: Error) => void;
}

describe('the facets of a catalogue', () => {
  it('are found once for all who ask meanwhile, however many values they want', async () => {
    const catalog = slowCatalog();
    const service = new FacetService(catalog);
    const asked = [service.current(1), service.current(2), service.current(200)];
    expect(catalog.waiting).toHaveLength(1);
    catalog.waiting[0]?.resolve();
    expect((await Promise.all(asked)).map(({ categories }) => categories.length)).toEqual([1, 2, 3]);
  });

  it('are remembered for a while, and for longer where they took long', async () => {
    const catalog = slowCatalog();
    let nowMs = 0;
    const service = new FacetService(catalog, () => nowMs);
    const first = service.current(1);
    nowMs = 1000;
    catalog.waiting[0]?.resolve();
    await first;
    nowMs = 20_000;
    await service.current(1);
    expect(catalog.waiting).toHaveLength(1);
    nowMs = HOUR_MS;
    void service.current(1);
    expect(catalog.waiting).toHaveLength(2);
  });

  it('are asked for again after a failure', async () => {
    const catalog = slowCatalog();
    const service = new FacetService(catalog);
    const failing = service.current(1);
    catalog.waiting[0]?.reject(new Error('no database'));
    await expect(failing).rejects.toThrow('no database');
    const second = service.current(1);
    catalog.waiting[1]?.resolve();
    expect((await second).categories).toHaveLength(1);
  });
});
