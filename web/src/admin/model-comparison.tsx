import { useApolloClient, useLazyQuery } from '@apollo/client/react';
import { CompareEmbeddingModelsDocument, toLookalikeError } from '@lookalike/apollo';
import { useId, useState, type SyntheticEvent } from 'react';
import { BusyButton } from '../ui/busy-button.js';
import { AdminError } from './admin-error.js';
import { adminSentence } from './admin-sentence.js';
import styles from './admin.module.css';
import { ComparisonResult } from './comparison-result.js';
import type { Model } from './model-words.js';
import { productIdsIn } from './product-ids.js';

/** The most that the API takes. */
const MAX_PRODUCTS = 50;
const PICTURES = 8;

/** Asks two models for products that look like some, and shows their answers side by side. */
export function ModelComparison({ models }: { models: readonly Model[] }) {
  const { cache } = useApolloClient();
  const active = models.find(({ state }) => state === 'ACTIVE')?.name ?? '';
  const other = models.find(({ name }) => name !== active)?.name ?? '';
  const [baseline, setBaseline] = useState(active);
  const [candidate, setCandidate] = useState(other);
  const [text, setText] = useState(() => someProductIds(cache.extract()).join(' '));
  const [compare, { data, loading, error }] = useLazyQuery(CompareEmbeddingModelsDocument, {
    fetchPolicy: 'network-only',
  });
  const ids = productIdsIn(text);
  const fault = faultOf(baseline, candidate, ids);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (loading || fault !== null) return;
    // What goes wrong is in `error`.
    compare({ variables: { baseline, candidate, productIds: ids, limit: PICTURES } }).catch(() => undefined);
  };
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h2 id={id}>Compare two models</h2>
      <p className={styles.soft}>
        What would shoppers see if the other one answered? Both are asked for products that look like yours.
      </p>
      <form className={styles.form} onSubmit={submit}>
        <div className={styles.pair}>
          <ModelSelect label="Baseline" value={baseline} models={models} onChange={setBaseline} />
          <ModelSelect label="Candidate" value={candidate} models={models} onChange={setCandidate} />
        </div>
        <div className={styles.stack}>
          <label htmlFor={`${id}-ids`}>Products to compare by</label>
          <input
            id={`${id}-ids`}
            className="field"
            autoComplete="off"
            spellCheck={false}
            value={text}
            aria-describedby={`${id}-hint`}
            onChange={(event) => setText(event.target.value)}
          />
          <p id={`${id}-hint`} className={styles.hint}>
            Their ids with spaces between them, from 1 to {MAX_PRODUCTS}.
          </p>
        </div>
        {fault !== null && <p role="status">{fault}</p>}
        <div className={styles.buttons}>
          <BusyButton type="submit" kind="primary" isBusy={loading} isDisabled={fault !== null} busyLabel="Comparing…">
            Compare
          </BusyButton>
        </div>
      </form>
      {error !== undefined && <AdminError sentence={adminSentence(toLookalikeError(error))} />}
      {error === undefined && data !== undefined && <ComparisonResult comparison={data.compareEmbeddingModels} />}
    </section>
  );
}

function faultOf(baseline: string, candidate: string, ids: readonly string[]): string | null {
  if (baseline === candidate) return 'Choose two different models.';
  if (ids.length === 0) return 'Give the id of a product.';
  return ids.length > MAX_PRODUCTS ? `Give ${MAX_PRODUCTS} ids at most; there are ${ids.length}.` : null;
}

/** A few that were seen on the page, else those that a catalogue is likely to have. */
function someProductIds(cached: unknown): string[] {
  const seen = Object.keys(cached as Record<string, unknown>).flatMap((key) => /^Product:(.+)$/.exec(key)?.[1] ?? []);
  return seen.length > 0 ? seen.slice(0, 3) : ['1', '2', '3'];
}

interface ModelSelectProps {
  label: string;
  value: string;
  models: readonly Model[];
  onChange: (name: string) => void;
}

function ModelSelect({ label, value, models, onChange }: ModelSelectProps) {
  const id = useId();
  return (
    <div className={styles.stack}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        {models.map(({ name, state }) => (
          <option key={name} value={name}>
            {state === 'ACTIVE' ? `${name} (answers searches)` : name}
          </option>
        ))}
      </select>
    </div>
  );
}
