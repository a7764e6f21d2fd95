import { formatPrice } from '../ui/format-price.js';
import { Icon } from '../ui/icon.js';
import { Gallery } from './gallery.js';
import { LikeThisForm } from './like-this-form.js';
import styles from './product-details.module.css';
import { shopAddress } from './shop-address.js';
import type { KnownProduct } from './use-product.js';

/** All that the shop says of a product. */
export function ProductDetails({ product }: { product: KnownProduct }) {
  const { id, title, brand, category, price, currency, inStock, description, url } = product;
  const address = shopAddress(url, location.href);
  return (
    <article className={styles.product}>
      <Gallery title={title} images={imagesOf(product)} />
      <div className={styles.words}>
        <p className={styles.maker} dir="auto">
          {[brand, category].filter(Boolean).join(' · ')}
        </p>
        <h1 dir="auto">{title === '' ? 'A product without a name' : title}</h1>
        <p className={styles.offer}>
          {price !== null && <span className={styles.price}>{formatPrice(price, currency)}</span>}
          {inStock !== null && (
            <span className={styles.stock} data-in-stock={inStock}>
              {inStock ? 'In stock' : 'Out of stock'}
            </span>
          )}
        </p>
        {description != null && (
          <p className={styles.description} dir="auto">
            {description}
          </p>
        )}
        {address !== null && (
          <a className={`button ${styles.shop ?? ''}`} data-kind="primary" href={address} rel="noopener">
            See it in the shop
            <Icon name="out" size={18} />
          </a>
        )}
        <LikeThisForm productId={id} />
      </div>
    </article>
  );
}

/** The main one alone until the others come. */
function imagesOf({ images, mainImage }: KnownProduct): readonly { id: string; url: string }[] {
  return images ?? (mainImage === null ? [] : [mainImage]);
}
