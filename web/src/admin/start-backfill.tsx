import type { EmbeddingBackfillScope } from '@lookalike/apollo';
import { useId, useState } from 'react';
import { BusyButton } from '../ui/busy-button.js';
import styles from './admin.module.css';
import type { Backfill } from './backfill-words.js';
import { estimateWords } from './estimate-words.js';
import { ModelField, modelOf, type ModelChoice } from './model-field.js';
import { ProductIdsField } from './product-ids-field.js';
import { productIdsIn } from './product-ids.js';
import { RunRefusal } from './run-refusal.js';
import { ScopeField } from './scope-field.js';
import { useStart, type Start } from './use-start.js';

export interface StartBackfillProps {
  models: readonly { name: string; state: string }[];
  onStarted: (backfill: Backfill) => void;
}

/** Starts a backfill, after it was said what it would do. */
export function StartBackfill({ models, onStarted }: StartBackfillProps) {
  const [scope, setScope] = useState<EmbeddingBackfillScope>('MISSING');
  // The model that answers searches, unless another one is chosen.
  const [choice, setChoice] = useState<ModelChoice | null>(null);
  const [productIds, setProductIds] = useState('');
  const start = useStart(onStarted);
  const model = choice ?? { name: models.find(({ state }) => state === 'ACTIVE')?.name ?? '', hubId: '' };
  const ids = productIdsIn(productIds);
  const input = { scope, model: modelOf(model), ...(ids.length > 0 && { productIds: ids }) };
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h2 id={id}>Start a backfill</h2>
      <p className={styles.soft}>It goes over the images of the catalogue, and embeds those that need it.</p>
      <form
        className={styles.form}
        onChange={start.forget}
        onSubmit={(event) => {
          event.preventDefault();
          void start.look(input);
        }}
      >
        <ScopeField scope={scope} onChange={setScope} />
        <ModelField choice={model} models={models} onChange={setChoice} />
        <ProductIdsField text={productIds} onChange={setProductIds} />
        <div className={styles.buttons}>
          <BusyButton
            type="submit"
            kind={start.estimate === null ? 'primary' : undefined}
            isBusy={start.isLooking}
            busyLabel="Looking…"
          >
            See what it would do
          </BusyButton>
        </div>
      </form>
      <Outcome start={start} onBegin={() => void start.begin(input)} />
    </section>
  );
}

function Outcome({ start, onBegin }: { start: Start; onBegin: () => void }) {
  const { estimate, refusal, isBeginning } = start;
  return (
    <>
      <div role="status">{estimate !== null && <p className={styles.estimate}>{estimateWords(estimate)}</p>}</div>
      {refusal !== null && <RunRefusal refusal={refusal} />}
      {estimate !== null && (
        <BusyButton kind="primary" isBusy={isBeginning} busyLabel="Starting…" onClick={onBegin}>
          Start it
        </BusyButton>
      )}
    </>
  );
}
