import type { CompareEmbeddingModelsQuery } from '@lookalike/apollo';
import { useId } from 'react';
import { Link } from 'react-router';
import { formatShare } from '../ui/format-price.js';
import { Picture } from '../ui/picture.js';
import styles from './comparison-result.module.css';

type Comparison = CompareEmbeddingModelsQuery['compareEmbeddingModels'];
type ComparedProduct = Comparison['products'][number];
type Answer = ComparedProduct['baseline'];

/** What two models answer, product by product. */
export function ComparisonResult({ comparison }: { comparison: Comparison }) {
  const { baseline, candidate, meanOverlap, products } = comparison;
  return (
    <div>
      <p role="status" className={styles.mean}>
        {meanOverlap === null ? (
          'No product is embedded by both models.'
        ) : (
          <>
            <strong>{formatShare(meanOverlap)}</strong> of what they show is the same, in the mean. A low share says
            that answers differ, not which are better: look at them.
          </>
        )}
      </p>
      {products.map((compared) => (
        <Compared
          key={compared.product.id}
          compared={compared}
          names={{ baseline: baseline.name, candidate: candidate.name }}
        />
      ))}
    </div>
  );
}

interface ComparedProps {
  compared: ComparedProduct;
  names: { baseline: string; candidate: string };
}

function Compared({ compared, names }: ComparedProps) {
  const { product, overlap, baseline, candidate } = compared;
  const id = useId();
  return (
    <article className={styles.compared} aria-labelledby={id}>
      <header className={styles.product}>
        <span className={styles.thumbnail}>
          <Picture src={product.mainImage?.url ?? null} alt="" />
        </span>
        <div>
          <h3 id={id}>
            <Link to={`/products/${encodeURIComponent(product.id)}`}>{product.title || `Product ${product.id}`}</Link>
          </h3>
          <p>{overlap === null ? 'Not to be compared.' : `${formatShare(overlap)} the same`}</p>
        </div>
      </header>
      <div className={styles.sides}>
        <Side name={names.baseline} answer={baseline} other={candidate} />
        <Side name={names.candidate} answer={candidate} other={baseline} />
      </div>
    </article>
  );
}

function Side({ name, answer, other }: { name: string; answer: Answer; other: Answer }) {
  const shared = new Set(other.edges.map(({ node }) => node.id));
  return (
    <div role="group" className={styles.side} aria-label={name}>
      <h4>{name}</h4>
      {answer.status === 'NOT_EMBEDDED' && <p>It has not embedded this product.</p>}
      <ol>
        {answer.edges.map(({ node, similarity }) => (
          <li key={node.id} data-differs={!shared.has(node.id) || undefined}>
            <Link to={`/products/${encodeURIComponent(node.id)}`}>
              <Picture src={node.mainImage?.url ?? null} alt="" />
              <span className={styles.title}>{node.title || `Product ${node.id}`}</span>
            </Link>
            <span className={styles.similarity}>{similarity.toFixed(2)}</span>
            {!shared.has(node.id) && <strong>Only here</strong>}
          </li>
        ))}
      </ol>
    </div>
  );
}
