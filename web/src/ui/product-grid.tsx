import type { SimilarProduct } from '@lookalike/apollo';
import type { Ref } from 'react';
import { likenessOf, type LikenessScale } from './likeness.js';
import { ProductCard } from './product-card.js';
import styles from './product-grid.module.css';

export interface ProductGridProps {
  /** What the list is called. */
  label: string;
  edges: readonly SimilarProduct[];
  scale: LikenessScale;
  /** The address of more like a product. */
  moreLike: (productId: string) => string;
  ref?: Ref<HTMLUListElement>;
}

/** They are in view before anybody scrolls. */
const EAGER_CARDS = 8;

/** Products that look alike, most alike first. */
export function ProductGrid({ label, edges, scale, moreLike, ref }: ProductGridProps) {
  const best = edges[0]?.similarity ?? 0;
  return (
    <ul ref={ref} aria-label={label} className={styles.grid}>
      {edges.map((edge, index) => (
        <li key={edge.node.id}>
          <ProductCard
            product={edge.node}
            pictureUrl={edge.image.url}
            likeness={likenessOf(edge, best, scale)}
            moreLikeThis={moreLike(edge.node.id)}
            isEager={index < EAGER_CARDS}
          />
        </li>
      ))}
    </ul>
  );
}

/** Stands where products will be, and is as large, so that nothing jumps when they come. */
export function ProductGridSkeleton({ count }: { count: number }) {
  return (
    <div className={styles.grid} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={styles.skeleton}>
          <div />
          <div />
          <div />
          <div />
        </div>
      ))}
    </div>
  );
}
