import { ActivateEmbeddingModelDocument } from '@lookalike/apollo';
import { counted } from '../ui/counted.js';
import { formatCount } from '../ui/format-price.js';
import { AdminError } from './admin-error.js';
import { percentOf } from './backfill-words.js';
import { ConfirmDialog } from './confirm-dialog.js';
import type { Model } from './model-words.js';
import { useRequest } from './use-request.js';

export interface ActivateDialogProps {
  model: Model;
  /** The name of the model that answers searches now; null where none does. */
  active: string | null;
  onDone: (sentence: string) => void;
  onClose: () => void;
}

/** Asks before another model answers searches. */
export function ActivateDialog({ model, active, onDone, onClose }: ActivateDialogProps) {
  const activate = useRequest(ActivateEmbeddingModelDocument, (data) => data.activateEmbeddingModel);
  const { refusal } = activate;
  // The one refusal that an admin may overrule.
  const isTooEmpty = refusal?.code === 'CONFLICT' && refusal.field === 'minCoverage';
  const confirm = async (): Promise<void> => {
    const input = { model: model.name, ...(isTooEmpty && { minCoverage: 0 }) };
    if ((await activate.ask({ input })) === null) return;
    onClose();
    onDone(`${model.name} answers searches now.`);
  };
  return (
    <ConfirmDialog
      title={`Let ${model.name} answer searches?`}
      confirmLabel={isTooEmpty ? 'Activate all the same' : 'Activate'}
      busyLabel="Activating…"
      isDangerous={isTooEmpty}
      isBusy={activate.isBusy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>
        Every server answers with it within two seconds, without a restart. Lists that a shopper is paging through begin
        anew, and limits on likeness may have to be set anew.
        {active !== null && ` ${active} stays as it is, so you can go back to it.`}
      </p>
      {isTooEmpty && <AdminError sentence={tooEmptyWords(model)} />}
      {refusal !== null && !isTooEmpty && <AdminError sentence={refusal.sentence} />}
    </ConfirmDialog>
  );
}

function tooEmptyWords({ coverage }: Model): string {
  const { embedded, stale, total } = coverage;
  const has = embedded + stale;
  return (
    `It has embedded only ${formatCount(has)} of ${counted(total, 'image')}, ${percentOf(has, total)}%. ` +
    'The other products would not be found until a backfill has embedded them.'
  );
}
