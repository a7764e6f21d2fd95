import { Link } from 'react-router';
import { Picture } from '../ui/picture.js';
import { RelativeTime } from '../ui/relative-time.js';
import { useNow } from '../ui/use-now.js';
import { REASON_WORDS } from './failure-reasons.js';
import styles from './failures.module.css';
import type { ImageFailure } from './use-failures.js';

export interface FailureRowProps {
  failure: ImageFailure;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}

/** An image that could not be embedded, and why. */
export function FailureRow({ failure, isChosen, onChoose }: FailureRowProps) {
  const { imageId, reason, message, isMended } = failure;
  return (
    <li className={styles.row} data-mended={isMended || undefined}>
      <label className={styles.choose}>
        <input
          type="checkbox"
          aria-label={`Image ${imageId}`}
          checked={isChosen}
          disabled={isMended}
          onChange={(event) => onChoose(event.target.checked)}
        />
        <span className={styles.thumbnail}>
          <Picture src={shownUrlOf(failure)} alt="" />
        </span>
      </label>
      <div className={styles.text}>
        <p className={styles.top}>
          <ProductLink failure={failure} />
          <strong data-mended={isMended || undefined}>{isMended ? 'Mended' : REASON_WORDS[reason].label}</strong>
        </p>
        <p>{message}</p>
        <p className={styles.address}>
          <Address failure={failure} />
        </p>
        <Tries failure={failure} />
      </div>
    </li>
  );
}

function ProductLink({ failure: { product, productId } }: { failure: ImageFailure }) {
  if (product === null) return <span>Product {productId}, no longer in the catalogue</span>;
  return <Link to={`/products/${encodeURIComponent(product.id)}`}>{product.title || `Product ${product.id}`}</Link>;
}

function Address({ failure }: { failure: ImageFailure }) {
  const href = shownUrlOf(failure);
  if (href === null) return failure.imageUrl;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {failure.imageUrl}
    </a>
  );
}

function Tries({ failure }: { failure: ImageFailure }) {
  const { httpStatus, attempts, lastFailedAt, nextTryAt, isMended } = failure;
  return (
    <p className={styles.soft}>
      {httpStatus !== null && <>Status {httpStatus}. </>}
      Tried {attempts === 1 ? 'once' : `${attempts} times`}, last <RelativeTime at={lastFailedAt} />.{' '}
      {!isMended && (nextTryAt === null ? 'Not tried again by itself.' : <NextTry at={nextTryAt} />)}
    </p>
  );
}

function NextTry({ at }: { at: string }) {
  const nowMs = useNow();
  if (Date.parse(at) <= nowMs) return 'The next backfill tries it again.';
  return (
    <>
      Backfills try it again <RelativeTime at={at} />.
    </>
  );
}

/** What a browser can load: the address of the catalogue's image, where it is still there, as the server resolves it. */
function shownUrlOf({ product, imageId, imageUrl }: ImageFailure): string | null {
  const known = product?.images.find(({ id }) => id === imageId)?.url ?? imageUrl;
  return /^(https?:\/\/|\/)/i.test(known) ? known : null;
}
