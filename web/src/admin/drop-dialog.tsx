import { DropEmbeddingModelDocument } from '@lookalike/apollo';
import { useId, useState } from 'react';
import { counted } from '../ui/counted.js';
import { AdminError } from './admin-error.js';
import styles from './admin.module.css';
import { ConfirmDialog } from './confirm-dialog.js';
import type { Model } from './model-words.js';
import { useRequest } from './use-request.js';

export interface DropDialogProps {
  model: Model;
  onDone: (sentence: string) => void;
  onClose: () => void;
}

/** Asks, and has the name typed, before a model is removed. */
export function DropDialog({ model: { name, embeddings }, onDone, onClose }: DropDialogProps) {
  const drop = useRequest(DropEmbeddingModelDocument, (data) => data.dropEmbeddingModel);
  const [typed, setTyped] = useState('');
  const id = useId();
  const confirm = async (): Promise<void> => {
    if ((await drop.ask({ input: { model: name } })) === null) return;
    onClose();
    onDone(`${name} is removed.`);
  };
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      confirmLabel="Remove it"
      busyLabel="Removing…"
      dismissLabel="Keep it"
      isDangerous
      isBusy={drop.isBusy}
      isIncomplete={typed.trim() !== name}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>
        Its {counted(embeddings, 'embedding')} and its backfills go with it, and so do the photos that shoppers search
        with by it. This can’t be undone: to have it back, every image has to be embedded again.
      </p>
      <div className={styles.stack}>
        <label htmlFor={id}>Type {name} to remove it</label>
        <input
          id={id}
          className="field"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {drop.refusal !== null && <AdminError sentence={drop.refusal.sentence} />}
    </ConfirmDialog>
  );
}
