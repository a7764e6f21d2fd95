import { ProductDocument } from '@lookalike/apollo';
import { useQuery } from '@apollo/client/react';
import { Icon } from '../ui/icon.js';
import { Picture } from '../ui/picture.js';
import styles from './like-chips.module.css';

export interface LikeChipsProps {
  productIds: readonly string[];
  onRemove: (productId: string) => void;
}

/** The products of the shop that results are to look like. */
export function LikeChips({ productIds, onRemove }: LikeChipsProps) {
  if (productIds.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label="Products to look like">
      {productIds.map((id) => (
        <li key={id}>
          <LikeChip productId={id} onRemove={() => onRemove(id)} />
        </li>
      ))}
    </ul>
  );
}

function LikeChip({ productId, onRemove }: { productId: string; onRemove: () => void }) {
  // A list has mostly brought it: then it is there at once.
  const { data, loading } = useQuery(ProductDocument, { variables: { id: productId }, returnPartialData: true });
  const product = data?.product;
  const title =
    product?.title ?? (loading ? '…' : product === null ? 'a product that is no longer there' : 'this product');
  return (
    <span className={styles.chip}>
      <span className={styles.picture}>
        <Picture src={product?.mainImage?.url ?? null} alt="" isEager />
      </span>
      <span className={styles.words}>
        <span className={styles.lead}>Products like</span>{' '}
        <span className={styles.title} dir="auto">
          {title}
        </span>
      </span>
      <button type="button" className={styles.remove} onClick={onRemove} aria-label={`Remove ${title}`}>
        <Icon name="close" size={18} />
      </button>
    </span>
  );
}
