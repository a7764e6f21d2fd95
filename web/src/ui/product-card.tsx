import type { SimilarProduct } from '@lookalike/apollo';
import { Link } from 'react-router';
import { formatPrice } from './format-price.js';
import { Icon } from './icon.js';
import type { Likeness } from './likeness.js';
import styles from './product-card.module.css';
import { Picture } from './picture.js';

export interface ProductCardProps {
  product: SimilarProduct['node'];
  /** The picture that looks most alike; null where there is none. */
  pictureUrl: string | null;
  likeness: Likeness;
  /** Where more like this one is to be found. */
  moreLikeThis: string;
  /** Load the picture at once: it is in view from the beginning. */
  isEager?: boolean;
}

/** A product in a list. */
export function ProductCard({ product, pictureUrl, likeness, moreLikeThis, isEager = false }: ProductCardProps) {
  const title = product.title === '' ? 'A product without a name' : product.title;
  const isSoldOut = product.inStock === false;
  return (
    <article className={styles.card}>
      <div className={styles.frame} data-sold-out={isSoldOut || undefined}>
        <Picture src={pictureUrl} alt="" isEager={isEager} />
        {isSoldOut && <span className={styles.soldOut}>Out of stock</span>}
      </div>
      <LikenessBar {...likeness} />
      <h3 className={styles.title} dir="auto">
        <Link to={`/products/${encodeURIComponent(product.id)}`}>{title}</Link>
      </h3>
      <p className={styles.maker} dir="auto">
        {makerOf(product)}
      </p>
      <div className={styles.foot}>
        {product.price !== null && <span className={styles.price}>{formatPrice(product.price, product.currency)}</span>}
        <Link to={moreLikeThis} className={styles.more} aria-label={`More like this: ${title}`}>
          <Icon name="alike" size={18} />
          More like this
        </Link>
      </div>
    </article>
  );
}

function LikenessBar({ label, share }: Likeness) {
  return (
    <div className={styles.likeness}>
      <svg className={styles.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles.track} width="100" height="4" />
        <rect className={styles.level} width={share * 100} height="4" />
      </svg>
      {label !== null && <span>{label}</span>}
    </div>
  );
}

function makerOf({ brand, category }: SimilarProduct['node']): string {
  return [brand, category].filter((part) => part !== null && part !== '').join(' · ');
}
