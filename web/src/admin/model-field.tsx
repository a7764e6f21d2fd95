import { useId } from 'react';
import styles from './admin.module.css';

/** What the form of a backfill has for a model: one of the list, or the id of one on the hub. */
export interface ModelChoice {
  /** Empty for one of the hub. */
  name: string;
  hubId: string;
}

/** The models that every installation knows by a short name. */
const SHORT_NAMES = ['tiny-clip', 'clip-ViT-B-32', 'clip-ViT-B-16', 'clip-ViT-L-14'];

/** What the API is given for a choice. */
export function modelOf({ name, hubId }: ModelChoice): string {
  return name === '' ? hubId.trim() : name;
}

export interface ModelFieldProps {
  choice: ModelChoice;
  onChange: (choice: ModelChoice) => void;
  /** Those that have room here. */
  models: readonly { name: string; state: string }[];
}

/** Chooses the model that a backfill embeds with. */
export function ModelField({ choice, onChange, models }: ModelFieldProps) {
  const id = useId();
  const others = SHORT_NAMES.filter((name) => models.every((model) => model.name !== name));
  return (
    <div className={styles.stack}>
      <label htmlFor={id}>Model</label>
      <select
        id={id}
        className="field"
        value={choice.name}
        onChange={(event) => onChange({ ...choice, name: event.target.value })}
      >
        <optgroup label="Models of this shop">
          {models.map(({ name, state }) => (
            <option key={name} value={name}>
              {state === 'ACTIVE' ? `${name} (answers searches)` : name}
            </option>
          ))}
        </optgroup>
        <optgroup label="New ones">
          {others.map((name) => (
            <option key={name}>{name}</option>
          ))}
          <option value="">Another of the Hugging Face hub…</option>
        </optgroup>
      </select>
      {choice.name === '' && <HubId choice={choice} onChange={onChange} />}
    </div>
  );
}

function HubId({ choice, onChange }: Omit<ModelFieldProps, 'models'>) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>Its id on the hub</label>
      <input
        id={id}
        className="field"
        required
        placeholder="organisation/name"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        value={choice.hubId}
        onChange={(event) => onChange({ ...choice, hubId: event.target.value })}
      />
    </>
  );
}
