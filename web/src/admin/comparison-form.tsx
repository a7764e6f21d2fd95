import { useApolloClient } from '@apollo/client/react';
import { useId, useState, type SyntheticEvent } from 'react';
import { BusyButton } from '../ui/busy-button.js';
import styles from './admin.module.css';
import type { Model } from './model-words.js';
import { productIdsIn } from './product-ids.js';

/** What two models are to be asked. */
export interface ComparisonQuestion {
  baseline: string;
  candidate: string;
  productIds: string[];
}

export interface ComparisonFormProps {
  models: readonly Model[];
  isBusy: boolean;
  onAsk: (question: ComparisonQuestion) => void;
}

/** The most that the API takes. */
const MAX_PRODUCTS = 50;

/** Chooses two models, and what they are asked about. */
export function ComparisonForm({ models, isBusy, onAsk }: ComparisonFormProps) {
  const { cache } = useApolloClient();
  const active = models.find(({ state }) => state === 'ACTIVE')?.name ?? '';
  const [baseline, setBaseline] = useState(active);
  const [candidate, setCandidate] = useState(models.find(({ name }) => name !== active)?.name ?? '');
  const [text, setText] = useState(() => someProductIds(cache.extract()).join(' '));
  const productIds = productIdsIn(text);
  const fault = faultOf({ baseline, candidate, productIds });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!isBusy && fault === null) onAsk({ baseline, candidate, productIds });
  };
  const id = useId();
  return (
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
      <div role="status">{fault}</div>
      <div className={styles.buttons}>
        <BusyButton type="submit" kind="primary" isBusy={isBusy} isDisabled={fault !== null} busyLabel="Comparing…">
          Compare
        </BusyButton>
      </div>
    </form>
  );
}

function faultOf({ baseline, candidate, productIds }: ComparisonQuestion): string | null {
  if (baseline === candidate) return 'Choose two different models.';
  if (productIds.length === 0) return 'Give the id of a product.';
  return productIds.length > MAX_PRODUCTS ? `Give ${MAX_PRODUCTS} ids at most; there are ${productIds.length}.` : null;
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
