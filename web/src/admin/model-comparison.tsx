import { useLazyQuery } from '@apollo/client/react';
import { CompareEmbeddingModelsDocument, toLookalikeError } from '@lookalike/apollo';
import { useId } from 'react';
import { AdminError } from './admin-error.js';
import { adminSentence } from './admin-sentence.js';
import styles from './admin.module.css';
import { ComparisonForm, type ComparisonQuestion } from './comparison-form.js';
import { ComparisonResult } from './comparison-result.js';
import type { Model } from './model-words.js';

/** Pictures in each answer: two rows of them on a desk. */
const PICTURES = 8;

/** Asks two models for products that look like some, and shows their answers side by side. */
export function ModelComparison({ models }: { models: readonly Model[] }) {
  const [compare, { data, loading, error }] = useLazyQuery(CompareEmbeddingModelsDocument, {
    fetchPolicy: 'network-only',
  });
  const ask = (question: ComparisonQuestion): void => {
    // What goes wrong is in `error`.
    compare({ variables: { ...question, limit: PICTURES } }).catch(() => undefined);
  };
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h2 id={id}>Compare two models</h2>
      <p className={styles.soft}>
        What would shoppers see if another one answered? Both are asked for products that look like yours.
      </p>
      <ComparisonForm models={models} isBusy={loading} onAsk={ask} />
      {error !== undefined && <AdminError sentence={adminSentence(toLookalikeError(error))} />}
      {error === undefined && data !== undefined && <ComparisonResult comparison={data.compareEmbeddingModels} />}
    </section>
  );
}
