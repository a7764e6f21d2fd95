import type { Queryable } from '../../db/database.js';
import type { ModelIdentity } from '../../types.js';
import { partitionName } from './partition.js';
import { indexedExpression, type SearchForm } from './search-sql.js';

/** A place in the list of pairs: after all pairs of an image, or only after that with `otherImageId`. */
export interface PairPosition {
  imageId: string;
  /** Null where nothing is left of the image's pairs. */
  otherImageId: string | null;
}

export interface DuplicateScan {
  form: SearchForm;
  /** Null begins with the first image. */
  after: PairPosition | null;
  /** Images to look at, at most. */
  images: number;
  /** Others of each image, at most. */
  others: number;
  /** How alike they have to be: a cosine. */
  minSimilarity: number;
}

/** An embedded image as a pair has it. */
export interface PairedImage {
  imageId: string;
  productId: string;
  /** SHA-256 of the photograph's bytes in hexadecimal; null where it is not known. */
  contentHash: string | null;
}

/** An image, and the images of other products that are alike enough. */
export interface ScannedImage extends PairedImage {
  others: (PairedImage & { similarity: number })[];
}

/**
 * Goes over images in the order of their ids, in that of bytes, and looks for others that are much alike. An *exact* scan gives
 * those behind the image in that order, and behind the position's other image: each pair once, by id. An *approximate* one
 * gives the nearest, also those before the image.
 *
 * @returns The images that were looked at, in order; fewer than `images` only at the end.
 */
export async function scanForDuplicates(
  on: Queryable,
  model: ModelIdentity,
  { form, after, images, others, minSimilarity }: DuplicateScan,
): Promise<ScannedImage[]> {
  const { imageId = '', otherImageId = null } = after ?? {};
  const rows = await on.query<PairRow>(scanSql(model, form), [
    model.name,
    imageId,
    otherImageId,
    images,
    others,
    -minSimilarity,
  ]);
  return gather(rows);
}

/** Null in the columns of the other where the image has none. */
interface PairRow extends PairedImage {
  otherImageId: string | null;
  otherProductId: string | null;
  otherContentHash: string | null;
  similarity: number | null;
}

/** Parameters: model name, image and other image of the position, images, others of each, greatest distance. */
function scanSql(model: ModelIdentity, form: SearchForm): string {
  return `
    with scanned as materialized (
      select image_id, product_id, content_hash, ${indexedExpression(model, form.type)} as compared
      from ${partitionName(model.name)}
      where model_version = $1::text and image_id >= $2::text collate "C"
        and (image_id <> $2::text or $3::text is not null)
      order by image_id limit $4::int
    )
    select scanned.image_id as "imageId", scanned.product_id as "productId",
      encode(scanned.content_hash, 'hex') as "contentHash", other.image_id as "otherImageId",
      other.product_id as "otherProductId", encode(other.content_hash, 'hex') as "otherContentHash",
      greatest(-1, least(1, -other.distance))::float8 as similarity
    from scanned left join lateral (${othersSql(model, form)}) as other on other.distance <= $6::float8
    order by scanned.image_id, other.image_id`;
}

function othersSql(model: ModelIdentity, form: SearchForm): string {
  const partition = partitionName(model.name);
  switch (form.kind) {
    case 'approximate': {
      const distance = `${indexedExpression(model, form.type)} <#> scanned.compared`;
      return `
        select image_id, product_id, content_hash, ${distance} as distance from ${partition}
        where product_id <> scanned.product_id
        order by ${distance} limit $5::int`;
    }
    case 'exact': {
      const distance = `image_embedding::${form.type} <#> scanned.compared`;
      return `
        select * from (
          select image_id, product_id, content_hash, ${distance} as distance from ${partition}
          where model_version = $1::text and product_id <> scanned.product_id and image_id > scanned.image_id
            and (scanned.image_id <> $2::text or image_id > coalesce($3::text, '') collate "C")
          offset 0
        ) as behind
        where distance <= $6::float8
        order by image_id limit $5::int`;
    }
  }
}

function gather(rows: readonly PairRow[]): ScannedImage[] {
  const scanned: ScannedImage[] = [];
  for (const { imageId, productId, contentHash, ...other } of rows) {
    if (scanned.at(-1)?.imageId !== imageId) scanned.push({ imageId, productId, contentHash, others: [] });
    const { otherImageId, otherProductId, otherContentHash, similarity } = other;
    if (otherImageId === null || otherProductId === null || similarity === null) continue;
    scanned
      .at(-1)
      ?.others.push({ imageId: otherImageId, productId: otherProductId, contentHash: otherContentHash, similarity });
  }
  return scanned;
}
