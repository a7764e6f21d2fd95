import { toLookalikeError } from '@lookalike/apollo';
import { useParams } from 'react-router';
import { ErrorNotice } from '../ui/error-notice.js';
import { usePageTitle } from '../ui/use-page-title.js';
import { LooksLikeIt } from './looks-like-it.js';
import { NoSuchProduct } from './no-such-product.js';
import { ProductDetails } from './product-details.js';
import { ProductSkeleton } from './product-skeleton.js';
import { useProduct } from './use-product.js';

/** A product of the shop, and what looks like it. */
export function ProductPage() {
  const { id = '' } = useParams();
  // Made anew for each product: the picture that was chosen belongs to one.
  return <Product key={id} id={id} />;
}

function Product({ id }: { id: string }) {
  const { product, isUnknown, error, retry } = useProduct(id);
  usePageTitle(isUnknown ? 'No such product' : (product?.title ?? null));
  if (isUnknown) return <NoSuchProduct />;
  if (product !== null) {
    return (
      <>
        <ProductDetails product={product} />
        {error !== undefined && <ErrorNotice error={toLookalikeError(error)} onRetry={retry} />}
        <LooksLikeIt productId={id} hasStock={product.inStock !== null} />
      </>
    );
  }
  if (error !== undefined) return <ErrorNotice error={toLookalikeError(error)} onRetry={retry} level={1} />;
  return <ProductSkeleton />;
}
