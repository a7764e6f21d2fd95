import styles from './region-fields.module.css';
import { WHOLE, type RegionFieldTexts } from './region-of.js';

export interface RegionFieldsProps {
  texts: RegionFieldTexts;
  onChange: (texts: RegionFieldTexts) => void;
}

const SIDES = [
  { side: 'x', label: 'x', whole: '0' },
  { side: 'y', label: 'y', whole: '0' },
  { side: 'width', label: 'width', whole: '1' },
  { side: 'height', label: 'height', whole: '1' },
] as const;

/** Asks which part of a photograph is to be searched with, in the shares that `RegionInput` takes. */
export function RegionFields({ texts, onChange }: RegionFieldsProps) {
  return (
    <details className={styles.region}>
      <summary>Only a part of it</summary>
      <p id="region-hint">In shares of its width and height, from 0 to 1.</p>
      <fieldset aria-describedby="region-hint">
        <legend className="visually-hidden">Part of the photograph</legend>
        {SIDES.map(({ side, label, whole }) => (
          <label key={side}>
            {label}
            <input
              className="field"
              type="number"
              min="0"
              max="1"
              step="any"
              placeholder={whole}
              value={texts[side]}
              onChange={({ currentTarget }) => onChange({ ...texts, [side]: currentTarget.value })}
            />
          </label>
        ))}
      </fieldset>
      <button type="button" className="button" onClick={() => onChange(WHOLE)}>
        The whole
      </button>
    </details>
  );
}
