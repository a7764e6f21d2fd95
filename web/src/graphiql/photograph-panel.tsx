import { LookalikeError, type Photograph } from '@lookalike/apollo';
import { useState, type ClipboardEvent } from 'react';
import type { Offer } from '../search/photo/photo.js';
import { transferredPhotograph } from '../search/photo/transferred-photograph.js';
import { DropZone } from './drop-zone.js';
import { givePhotograph, refusePhotograph, useGivenPhotograph } from './given-photograph.js';
import styles from './panel.module.css';
import { PhotographCard } from './photograph-card.js';
import { RegionFields } from './region-fields.js';
import { isSameRegion, regionOf, WHOLE } from './region-of.js';
import { useOperationTabs, type Placement } from './use-operation-tabs.js';

/** Takes a photograph, which GraphiQL itself can't send, and puts its id into the variables of the tab on show. */
export function PhotographPanel() {
  const { given, isUploading, error } = useGivenPhotograph();
  const [placement, setPlacement] = useState<Placement | null>(null);
  const [texts, setTexts] = useState(WHOLE);
  const { place } = useOperationTabs();
  const region = regionOf(texts);
  const give = async (photograph: Photograph): Promise<void> => {
    setPlacement(null);
    const queryImage = await givePhotograph(photograph, region);
    if (queryImage !== null) setPlacement(place(queryImage.id));
  };
  const take = (offer: Offer | null): void => {
    const photograph = onlyPhotograph(offer);
    if (photograph instanceof LookalikeError) refusePhotograph(photograph);
    else void give(photograph);
  };
  const paste = (event: ClipboardEvent): void => {
    const offer = transferredPhotograph(event.clipboardData);
    // Text belongs to the field that it is pasted into.
    if (offer === null) return;
    event.preventDefault();
    take(offer);
  };
  return (
    <section className={styles.panel} aria-labelledby="photograph-title" tabIndex={-1} onPaste={paste}>
      <h2 id="photograph-title">Photograph</h2>
      <p>Give one here, and its id comes into the variables of the operation that is open.</p>
      <DropZone onOffer={take} isBusy={isUploading} />
      <RegionFields texts={texts} onChange={setTexts} />
      {given !== null && !isSameRegion(region, given.region) && (
        <button type="button" className="button" data-kind="primary" onClick={() => void give(given.photograph)}>
          Search with {region === null ? 'the whole' : 'this part'}
        </button>
      )}
      <Outcome error={error} placement={placement} />
      {given !== null && <PhotographCard given={given} onPlace={() => setPlacement(place(given.queryImage.id))} />}
    </section>
  );
}

function onlyPhotograph(offer: Offer | null): Photograph | LookalikeError {
  if (offer === null) return new LookalikeError('BAD_USER_INPUT', 'What was dropped is no file and no picture.');
  if ('url' in offer) return offer;
  const [first, ...others] = offer;
  if (first !== undefined && others.length === 0) return first;
  return new LookalikeError('BAD_USER_INPUT', `Give one photograph at a time: these are ${offer.length}.`);
}

/** Said aloud when it changes, so both parts are there from the beginning. */
function Outcome({ error, placement }: { error: LookalikeError | null; placement: Placement | null }) {
  const refusal = placement?.kind === 'refused' ? placement.reason : null;
  return (
    <div>
      <p role="alert" className={styles.error}>
        {error === null ? refusal : `${error.message} (${error.code})`}
      </p>
      <p role="status" className={styles.done}>
        {error === null && placement?.kind === 'filled' && `Its id is in the variables of ${placement.operation}.`}
      </p>
    </div>
  );
}
