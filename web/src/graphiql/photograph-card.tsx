import { useRef, useState } from 'react';
import { dateWords } from '../ui/time-words.js';
import type { GivenPhotograph } from './given-photograph.js';
import styles from './photograph-card.module.css';

export interface PhotographCardProps {
  given: GivenPhotograph;
  /** Puts the id into the variables of the tab on show. */
  onPlace: () => void;
}

/** What the server has answered to a photograph. */
export function PhotographCard({ given, onPlace }: PhotographCardProps) {
  const { id, width, height, expiresAt } = given.queryImage;
  return (
    <div className={styles.card}>
      <Thumbnail given={given} />
      <dl>
        <dt>Size</dt>
        <dd>
          {width} × {height} pixels
        </dd>
        <dt>Kept until</dt>
        <dd>
          <time dateTime={expiresAt}>{dateWords(Date.parse(expiresAt))}</time>
        </dd>
      </dl>
      <IdField id={id} />
      <button type="button" className="button" onClick={onPlace}>
        Put the id into this tab
      </button>
    </div>
  );
}

/** The photograph, with a frame around the part that is searched with. Some formats only the server can read. */
function Thumbnail({ given }: { given: GivenPhotograph }) {
  const { pictureUrl, region } = given;
  const [unread, setUnread] = useState<string | null>(null);
  if (unread === pictureUrl) return null;
  return (
    <div className={styles.thumbnail}>
      <img src={pictureUrl} alt="The photograph that was given" onError={() => setUnread(pictureUrl)} />
      {region !== null && (
        <div
          className={styles.frame}
          style={{
            left: `${region.x * 100}%`,
            top: `${region.y * 100}%`,
            width: `${region.width * 100}%`,
            height: `${region.height * 100}%`,
          }}
        />
      )}
    </div>
  );
}

function IdField({ id }: { id: string }) {
  const [done, setDone] = useState<{ id: string; label: string } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(id);
      setDone({ id, label: 'Copied' });
    } catch {
      // Without leave, or on a page that is not secure, it is there to be copied by hand.
      setDone({ id, label: 'Selected' });
    }
  };
  return (
    <div className={styles.id}>
      <label>
        Id
        <input
          ref={field}
          className="field"
          readOnly
          value={id}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      </label>
      <button type="button" className="button" onClick={() => void copy()}>
        {done?.id === id ? done.label : 'Copy'}
        <span className="visually-hidden"> the id</span>
      </button>
    </div>
  );
}
