/** What `@lookalike/apollo` offers: a package has one entry. */
export * from './generated/operations.js';
export { createLookalikeClient, type LookalikeClient } from './lookalike-client.js';
export {
  LookalikeError,
  throwUserErrors,
  toLookalikeError,
  type LookalikeErrorCode,
  type UserError,
} from './lookalike-error.js';
export { createLookalikeLink, type LookalikeLink, type LookalikeLinkOptions } from './lookalike-link.js';
export type { ConnectionState } from './subscription-link.js';
export { makeTypePolicies } from './type-policies.js';
export {
  useEmbeddingStatus,
  type EmbeddingStatus,
  type EmbeddingStatusOptions,
  type LiveEmbeddingStatus,
} from './use-embedding-status.js';
export type { ProductPages, SimilarProduct } from './use-product-pages.js';
export {
  createQueryImage,
  useQueryImage,
  type Photograph,
  type QueryImage,
  type QueryImageOptions,
  type QueryImageUpload,
} from './use-query-image.js';
export { useSimilarProducts, type SimilarProductsOptions } from './use-similar-products.js';
export { useVisualSearch, type VisualSearchOptions } from './use-visual-search.js';
