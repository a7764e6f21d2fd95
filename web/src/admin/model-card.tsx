import { StartEmbeddingBackfillDocument } from '@lookalike/apollo';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { BusyButton } from '../ui/busy-button.js';
import { formatCount } from '../ui/format-price.js';
import { RelativeTime } from '../ui/relative-time.js';
import { ActivateDialog } from './activate-dialog.js';
import { AdminError } from './admin-error.js';
import styles from './admin.module.css';
import { CoverageBar } from './coverage-bar.js';
import { DropDialog } from './drop-dialog.js';
import { MODEL_STATE_WORDS, type Model } from './model-words.js';
import { useRequest } from './use-request.js';

export interface ModelCardProps {
  model: Model;
  /** The name of the model that answers searches. */
  active: string | null;
  /** Its backfill that has not ended; null where there is none. */
  runId: string | null;
  onDone: (sentence: string) => void;
}

/** A model: what it has embedded, and what can be done with it. */
export function ModelCard(props: ModelCardProps) {
  const { name, state, coverage } = props.model;
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.heading}>
        <h2 id={id}>{name}</h2>
        <span className={styles.mark} data-state={state}>
          {MODEL_STATE_WORDS[state]}
        </span>
      </div>
      <CoverageBar coverage={coverage} />
      <Facts model={props.model} />
      <Actions {...props} />
    </section>
  );
}

function Facts({ model: { dimensions, embeddings, activatedAt } }: { model: Model }) {
  return (
    <p className={styles.facts}>
      {formatCount(embeddings)} vectors of {formatCount(dimensions)} numbers.{' '}
      {activatedAt === null ? (
        'It has never answered searches.'
      ) : (
        <>
          Activated <RelativeTime at={activatedAt} />.
        </>
      )}
    </p>
  );
}

function Actions({ model, active, runId, onDone }: ModelCardProps) {
  const [asking, setAsking] = useState<'activate' | 'drop' | null>(null);
  const fill = useRequest(StartEmbeddingBackfillDocument, (data) => data.startEmbeddingBackfill);
  const run = runId ?? fill.refusal?.payload?.backfill?.id ?? null;
  const start = async (): Promise<void> => {
    if ((await fill.ask({ input: { model: model.name, scope: 'MISSING' } })) !== null) {
      onDone(`${model.name} is being filled.`);
    }
  };
  const close = (): void => setAsking(null);
  return (
    <>
      <div className={styles.buttons}>
        {run === null && (
          <BusyButton isBusy={fill.isBusy} busyLabel="Starting…" onClick={() => void start()}>
            Embed what is missing
          </BusyButton>
        )}
        {run !== null && (
          <Link className="button" to={`/admin/backfills/${run}`}>
            Follow its backfill
          </Link>
        )}
        {model.state !== 'ACTIVE' && (
          <>
            <button type="button" className="button" onClick={() => setAsking('activate')}>
              Activate…
            </button>
            <button type="button" className="button" data-kind="danger" onClick={() => setAsking('drop')}>
              Remove…
            </button>
          </>
        )}
      </div>
      {fill.refusal !== null && <AdminError sentence={fill.refusal.sentence} />}
      {asking === 'activate' && <ActivateDialog model={model} active={active} onDone={onDone} onClose={close} />}
      {asking === 'drop' && <DropDialog model={model} onDone={onDone} onClose={close} />}
    </>
  );
}
