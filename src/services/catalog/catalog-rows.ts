import type { CatalogImage, Product } from '../../types.js';
import type { ImageRow, ProductRow } from './catalog-statements.js';

/** A product needs some title; where the shop gives none, its id is what people know it by. */
export function toProduct(row: ProductRow): Product {
  return {
    id: row.id,
    title: present(row.title) ?? row.id,
    description: present(row.description),
    category: present(row.category),
    brand: present(row.brand),
    price: toPrice(row.price),
    currency: present(row.currency),
    url: present(row.url),
    inStock: row.inStock,
  };
}

/** An image without a URL has an empty one, so that embedding it fails where failures are listed. */
export function toImage(row: ImageRow): CatalogImage {
  return { ...row, url: present(row.url) ?? '' };
}

function present(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** Reads a number as Postgres writes it. Null for NaN, infinities and text that is no number, such as `on request`. */
export function toPrice(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(trimmed)) return null;
  const price = Number(trimmed);
  return Number.isFinite(price) ? price : null;
}
