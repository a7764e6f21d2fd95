import { useEffect, useRef, type ReactNode } from 'react';
import { useBroughtPhoto } from './brought-photo.js';
import { DropTarget } from './drop-target.js';
import { PhotoError } from './photo-error.js';
import { PhotoInputs } from './photo-inputs.js';
import { PhotoInvitation } from './photo-invitation.js';
import styles from './photo-panel.module.css';
import { PhotoPreview } from './photo-preview.js';
import { photoView } from './photo-view.js';
import { useDroppedPhotos } from './use-dropped-photos.js';
import { usePastedPhotos } from './use-pasted-photos.js';
import { usePhoto, type PhotoSearch } from './use-photo.js';

export interface PhotoPanelProps {
  /** The id of the photo that is searched with, from the address; null where there is none. */
  queryImageId: string | null;
  /** Asks the page to search with another photo; null takes it away. */
  onQueryImage: (id: string | null) => void;
  /** Whether the server has answered that it no longer has that photo. Default: false. */
  isExpired?: boolean;
  /** Whether the panel stands beside results, where an invitation to give a photo has to be small. Default: false. */
  isCompact?: boolean;
}

/** Where a photo is given, shown, and narrowed down to a part of it. */
export function PhotoPanel({ queryImageId, onQueryImage, isExpired = false, isCompact = false }: PhotoPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const photo = usePhoto(queryImageId, onQueryImage);
  const isOver = useDroppedPhotos(photo.give);
  usePastedPhotos(photo.give);
  useBroughtPhoto(photo.give);
  const isFailed = photo.task.kind === 'failed';
  useEffect(() => {
    // The button of a file that fails is another one than was pressed.
    if (isFailed && document.activeElement === document.body) panel.current?.focus({ preventScroll: true });
  }, [isFailed]);
  const clear = (): void => {
    photo.drop();
    // What was pressed goes; reading goes on here.
    panel.current?.focus({ preventScroll: true });
  };
  const remove = (): void => {
    clear();
    onQueryImage(null);
  };
  return (
    <section ref={panel} className={styles.panel} aria-label="Photo" tabIndex={-1}>
      <PhotoBody
        photo={photo}
        queryImageId={queryImageId}
        isExpired={isExpired}
        isCompact={isCompact}
        onClear={clear}
        onRemove={remove}
      />
      <p className="visually-hidden" role="status">
        {photo.isUnderWay && 'Looking at your photo…'}
      </p>
      <Failure photo={photo} onDismiss={clear} />
      {isOver && <DropTarget />}
    </section>
  );
}

interface PhotoBodyProps extends Required<Pick<PhotoPanelProps, 'queryImageId' | 'isExpired' | 'isCompact'>> {
  photo: PhotoSearch;
  onClear: () => void;
  onRemove: () => void;
}

function PhotoBody({ photo, queryImageId, isExpired, isCompact, onClear, onRemove }: PhotoBodyProps) {
  const { task, current, give } = photo;
  const view = photoView(task, queryImageId, current);
  const isOver = isExpired && (task.kind === 'idle' || task.kind === 'failed');
  // What the server has forgotten of a photo, it has likely forgotten of its parts.
  const search = isOver ? photo.searchAnew : photo.search;
  switch (view.kind) {
    case 'nothing':
      return <PhotoInvitation onGive={give} isCompact={isCompact} />;
    case 'photo':
      return (
        <>
          {isOver && <ExpiredNote photo={photo} />}
          <PhotoPreview
            source={view.source}
            picture={view.picture}
            onCancel={photo.isUnderWay ? onClear : null}
            onSelect={(picture, region) => search({ ...picture, region })}
          >
            <PhotoInputs onGive={give} label="Replace" isPrimary={false} />
            <RemoveButton onRemove={onRemove} />
          </PhotoPreview>
        </>
      );
    case 'elsewhere':
      return (
        <Note text={isOver ? EXPIRED : 'A photo someone searched with. It is not kept, only what it looks like.'}>
          <PhotoInputs onGive={give} isPrimary={isOver} />
          <RemoveButton onRemove={onRemove} />
        </Note>
      );
  }
}

const EXPIRED = 'Photos can be searched with for a day, and the day of this one is over. Give it again to go on.';

/** This tab has the picture still: it need not be looked for again. */
function ExpiredNote({ photo: { current, searchAnew } }: { photo: PhotoSearch }) {
  return (
    <Note text={EXPIRED}>
      {current !== null && (
        <button type="button" className="button" data-kind="primary" onClick={() => searchAnew(current)}>
          Search with it again
        </button>
      )}
    </Note>
  );
}

function Failure({ photo: { task, search }, onDismiss }: { photo: PhotoSearch; onDismiss: () => void }) {
  if (task.kind !== 'failed') return null;
  const { fault, picture } = task;
  return <PhotoError fault={fault} onRetry={picture && (() => search(picture))} onDismiss={onDismiss} />;
}

function Note({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className={styles.note}>
      <p>{text}</p>
      <div className={styles.tools}>{children}</div>
    </div>
  );
}

function RemoveButton({ onRemove }: { onRemove: () => void }) {
  return (
    <button type="button" className="button" onClick={onRemove}>
      Remove
    </button>
  );
}
