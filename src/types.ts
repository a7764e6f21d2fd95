/**
 * Terminology, one word a concept, used alike in code, SQL, the API and the docs:
 *
 * - *catalogue*   the shop's own database of products and their images; read only.
 * - *product*     a row of the catalogue's products relation. Its id is the shop's own, an opaque string here.
 * - *image*       a row of the catalogue's product images relation: an id, a product id, a URL.
 * - *main image*  the one image of a product that stands for it in lists.
 * - *photograph*  the bytes behind an image's URL, or an upload.
 * - *pixels*      a decoded photograph at the size a model wants: 8-bit RGB, rows top to bottom.
 * - *model*       a CLIP model, named as configured: `clip-ViT-B-32`, a hub id, or the name of a local folder. The name is
 *                 the `model_version` of the rows it makes.
 * - *vector*      `Float32Array` of length `model.dimensions`, L2-normalised: what a model makes of pixels.
 * - *embedding*   a stored vector together with the image it was made of.
 * - *similarity*  the inner product of two vectors, which is their cosine: 1 is the same picture, 0 unrelated, -1 the least.
 * - *backfill*    a run that embeds the images that need it. *Job*: a part of it that one worker does; *chunk*: a job that goes
 *                 over some of its images. *Batch*: the images that are stored in one transaction. *Failure*: an image that
 *                 could not be embedded, with its reason.
 * - *worker*      what takes jobs and does them, in a server or in a process of its own. It *holds* a job for as long as it
 *                 renews its *lease*.
 * - *coverage*    how many of the catalogue's images a model has embedded.
 */

/** A product as the catalogue has it now. Null where the catalogue has no such column or no value. */
export interface Product {
  id: string;
  title: string;
  description: string | null;
  category: string | null;
  brand: string | null;
  price: number | null;
  currency: string | null;
  url: string | null;
  inStock: boolean | null;
}

/** An image of a product as the catalogue has it now. `url` is as stored: absolute or relative. */
export interface CatalogImage {
  id: string;
  productId: string;
  url: string;
  isMain: boolean;
  /** When the catalogue says the image row last changed, ISO 8601; null where it has no such column or value. */
  updatedAt: string | null;
}

/** Which images are embedded: the main one of each product, or all of them. */
export type ImageScope = 'main' | 'all';

/** A model's name and the length of its vectors. */
export interface ModelIdentity {
  name: string;
  dimensions: number;
}

/** Decoded pixels: `data` is `width * height * 3` bytes, RGB, rows top to bottom. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/** A part of a photograph as it is shown: units are 0 to 1 of its width and height, `x` and `y` the left upper corner. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The most products that one page of a search may have. */
export const MAX_SEARCH_LIMIT = 100;

/** Waits for work that began to end, and lets go of what it held. Safe to call twice. */
export type Close = () => Promise<void>;
