import type { ProductPages } from '@lookalike/apollo';
import { useEffect, useRef, type RefObject } from 'react';
import { ErrorNotice } from './error-notice.js';
import { formatCount } from './format-price.js';
import type { LikenessScale } from './likeness.js';
import { ProductGrid, ProductGridSkeleton } from './product-grid.js';
import styles from './product-list.module.css';
import { useTryAgain } from './use-try-again.js';

export interface ProductListProps {
  label: string;
  pages: ProductPages;
  scale: LikenessScale;
  moreLike: (productId: string) => string;
  /** Products a page, for what stands in their place while they come. */
  pageSize: number;
}

/** How far below the window the next page begins to load. */
const AHEAD = '800px';

/** A list that grows as it is scrolled through, or by its button. The first page's errors are its owner's to show. */
export function ProductList({ label, pages, scale, moreLike, pageSize }: ProductListProps) {
  const grid = useRef<HTMLUListElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  const goOnAtFirstNew = useFocusOnFirstNew(grid, more, pages.edges.length);
  const { error, isTrying, tryAgain } = useTryAgain(pages);
  const { edges, isLoading, isLoadingMore, hasNextPage, loadMore } = pages;
  const showMore = (): void => {
    goOnAtFirstNew();
    loadMore();
  };
  const retryMore = (): void => {
    goOnAtFirstNew();
    tryAgain();
  };
  if (isLoading) return <ProductGridSkeleton count={pageSize} />;
  return (
    <>
      <ProductGrid ref={grid} label={label} edges={edges} scale={scale} moreLike={moreLike} />
      {error !== null && edges.length > 0 && <ErrorNotice error={error} onRetry={retryMore} isRetrying={isTrying} />}
      {hasNextPage && error === null && (
        <div className={styles.more}>
          <Sentinel onReach={loadMore} key={edges.length} />
          <button ref={more} type="button" className="button" onClick={showMore} aria-disabled={isLoadingMore}>
            {isLoadingMore ? 'Loading more…' : 'Show more'}
          </button>
        </div>
      )}
      {!hasNextPage && edges.length > 0 && error === null && <p className={styles.end}>{endOf(edges.length)}</p>}
    </>
  );
}

function endOf(count: number): string {
  return count === 1 ? 'That is the only one.' : `That is all: ${formatCount(count)} products.`;
}

/** Made anew for each page, so that one that ends within the window still asks for the next. */
function Sentinel({ onReach }: { onReach: () => void }) {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) onReach();
      },
      { rootMargin: AHEAD },
    );
    if (mark.current !== null) observer.observe(mark.current);
    return () => observer.disconnect();
  }, [onReach]);
  return <div ref={mark} />;
}

/** Whoever asks by a button goes on reading at the first product that it brings, unless something else has the focus by then. */
function useFocusOnFirstNew(
  grid: RefObject<HTMLUListElement | null>,
  more: RefObject<HTMLButtonElement | null>,
  count: number,
): () => void {
  const from = useRef<number | null>(null);
  useEffect(() => {
    if (from.current === null || count <= from.current) return;
    const { activeElement } = document;
    if (activeElement === document.body || activeElement === more.current) {
      grid.current?.children[from.current]?.querySelector('a')?.focus();
    }
    from.current = null;
  }, [count, grid, more]);
  return () => {
    from.current = count;
  };
}
