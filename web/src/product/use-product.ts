import { ProductDocument, toLookalikeError, type ProductQuery } from '@lookalike/apollo';
import { useQuery } from '@apollo/client/react';

type WholeProduct = NonNullable<ProductQuery['product']>;

/** A product as far as it is known: what its card showed is there at once, the rest comes. */
export type KnownProduct = Omit<WholeProduct, 'description' | 'images'> &
  Partial<Pick<WholeProduct, 'description' | 'images'>>;

export interface ProductState {
  /** Null while nothing is known of it. */
  product: KnownProduct | null;
  /** Whether the shop has no such product. */
  isUnknown: boolean;
  error: unknown;
  retry: () => void;
}

/** A product by its id. */
export function useProduct(id: string): ProductState {
  const query = useQuery(ProductDocument, { variables: { id }, returnPartialData: true });
  const product = query.data?.product;
  return {
    product: isKnown(product) ? product : null,
    isUnknown: product === null || isNoId(query.error),
    error: query.error,
    retry: () => {
      // What goes wrong is in the next `error`.
      query.refetch().catch(() => undefined);
    },
  };
}

/** What a card shows. Other views bring less of a product, which is not enough to speak of it. */
const OF_CARDS = ['title', 'category', 'brand', 'price', 'currency', 'inStock', 'url', 'mainImage'] as const;

function isKnown(product: object | null | undefined): product is KnownProduct {
  return product != null && OF_CARDS.every((field) => (product as Partial<KnownProduct>)[field] !== undefined);
}

/** Where ids are numbers, "abc" is the id of no product; to whoever follows the link it is all one. */
function isNoId(error: unknown): boolean {
  return error !== undefined && toLookalikeError(error).code === 'BAD_USER_INPUT';
}
