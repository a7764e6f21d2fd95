import { StartEmbeddingBackfillDocument, type EmbeddingBackfillScope } from '@lookalike/apollo';
import { useId, useState, type SyntheticEvent } from 'react';
import { Link } from 'react-router';
import { BusyButton } from '../ui/busy-button.js';
import { AdminError } from './admin-error.js';
import styles from './admin.module.css';
import type { Backfill } from './backfill-words.js';
import { estimateWords, type Estimate } from './estimate-words.js';
import { ModelField, modelOf, type ModelChoice } from './model-field.js';
import { ProductIdsField } from './product-ids-field.js';
import { productIdsIn } from './product-ids.js';
import { ScopeField } from './scope-field.js';
import { useRequest, type Refusal } from './use-request.js';

export interface StartBackfillProps {
  models: readonly { name: string; state: string }[];
  onStarted: (backfill: Backfill) => void;
}

interface Draft {
  scope: EmbeddingBackfillScope;
  /** Null for the model that answers searches. */
  model: ModelChoice | null;
  productIds: string;
}

const EMPTY: Draft = { scope: 'MISSING', model: null, productIds: '' };

/** Starts a backfill, after it was said what it would do. */
export function StartBackfill({ models, onStarted }: StartBackfillProps) {
  const [draft, setDraft] = useState(EMPTY);
  const [estimate, setEstimate] = useState<Estimate | null>(null);
  const look = useRequest(StartEmbeddingBackfillDocument, (data) => data.startEmbeddingBackfill);
  const start = useRequest(StartEmbeddingBackfillDocument, (data) => data.startEmbeddingBackfill);
  const model = draft.model ?? { name: models.find(({ state }) => state === 'ACTIVE')?.name ?? '', hubId: '' };
  const ids = productIdsIn(draft.productIds);
  const input = { scope: draft.scope, model: modelOf(model), ...(ids.length > 0 && { productIds: ids }) };
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    // It was of another question.
    setEstimate(null);
    look.forget();
    start.forget();
  };
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    start.forget();
    setEstimate((await look.ask({ input: { ...input, dryRun: true } }))?.estimate ?? null);
  };
  const begin = async (): Promise<void> => {
    const backfill = (await start.ask({ input }))?.backfill ?? null;
    if (backfill === null) return;
    setEstimate(null);
    onStarted(backfill);
  };
  const refusal = look.refusal ?? start.refusal;
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h2 id={id}>Start a backfill</h2>
      <p className={styles.soft}>It goes over the images of the catalogue, and embeds those that need it.</p>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <ScopeField scope={draft.scope} onChange={(scope) => change({ scope })} />
        <ModelField choice={model} models={models} onChange={(choice) => change({ model: choice })} />
        <ProductIdsField text={draft.productIds} onChange={(productIds) => change({ productIds })} />
        <div className={styles.buttons}>
          <BusyButton
            type="submit"
            kind={estimate === null ? 'primary' : undefined}
            isBusy={look.isBusy}
            busyLabel="Looking…"
          >
            See what it would do
          </BusyButton>
        </div>
      </form>
      <div role="status">{estimate !== null && <p className={styles.estimate}>{estimateWords(estimate)}</p>}</div>
      {refusal !== null && <StartRefusal refusal={refusal} />}
      {estimate !== null && (
        <BusyButton kind="primary" isBusy={start.isBusy} busyLabel="Starting…" onClick={() => void begin()}>
          Start it
        </BusyButton>
      )}
    </section>
  );
}

function StartRefusal({ refusal }: { refusal: Refusal<{ backfill: Backfill | null }> }) {
  const active = refusal.code === 'CONFLICT' ? refusal.payload?.backfill : null;
  if (active == null) return <AdminError sentence={refusal.sentence} />;
  return (
    <AdminError sentence={`A backfill of ${active.model} has not ended yet. Wait for its end, or cancel it.`}>
      <Link to={`/admin/backfills/${active.id}`}>Look at it</Link>
    </AdminError>
  );
}
