import details from './product-details.module.css';
import styles from './product-skeleton.module.css';

/** Stands where the product will be. */
export function ProductSkeleton() {
  return (
    <div className={details.product} aria-busy="true">
      <h1 className="visually-hidden">The product is on its way</h1>
      <div className={styles.picture} />
      <div className={styles.lines}>
        <div />
        <div />
        <div />
      </div>
    </div>
  );
}
