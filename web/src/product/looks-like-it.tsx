import { useSimilarProducts, type ProductPages } from '@lookalike/apollo';
import { useSearchParams } from 'react-router';
import { ErrorNotice } from '../ui/error-notice.js';
import { ProductList } from '../ui/product-list.js';
import styles from './looks-like-it.module.css';

const PAGE_SIZE = 12;

export interface LooksLikeItProps {
  productId: string;
  /** Whether the shop says what can be bought now. */
  hasStock: boolean;
}

/** Products that look like this one. */
export function LooksLikeIt({ productId, hasStock }: LooksLikeItProps) {
  const [params, setParams] = useSearchParams();
  const inStock = params.get('stock') === '1';
  const pages = useSimilarProducts(productId, { filter: inStock ? { inStock } : null, pageSize: PAGE_SIZE });
  const narrow = (isNarrow: boolean): void =>
    setParams(isNarrow ? { stock: '1' } : {}, { replace: true, preventScrollReset: true });
  return (
    <section className={styles.section} aria-labelledby="looks-like-it">
      <header className={styles.head}>
        <h2 id="looks-like-it">Looks like it</h2>
        {(hasStock || inStock) && (
          <label>
            <input type="checkbox" checked={inStock} onChange={(event) => narrow(event.target.checked)} />
            Only in stock
          </label>
        )}
      </header>
      <Answer key={`${productId} ${String(inStock)}`} pages={pages} inStock={inStock} />
    </section>
  );
}

function Answer({ pages, inStock }: { pages: ProductPages; inStock: boolean }) {
  if (pages.error !== null && pages.edges.length === 0) {
    return <ErrorNotice error={pages.error} onRetry={pages.retry} />;
  }
  if (pages.status === 'NOT_EMBEDDED') {
    return <p>The picture of this product has not been looked at yet, so nothing can be compared with it so far.</p>;
  }
  if (!pages.isLoading && pages.edges.length === 0) {
    return <p>{inStock ? 'Nothing like it is in stock.' : 'The shop has nothing to compare it with.'}</p>;
  }
  return (
    <ProductList
      label="Looks like it"
      pages={pages}
      scale="pictures"
      moreLike={(id) => `/?like=${encodeURIComponent(id)}`}
      pageSize={PAGE_SIZE}
    />
  );
}
