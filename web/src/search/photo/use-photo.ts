import { createQueryImage, toLookalikeError, type Photograph } from '@lookalike/apollo';
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react';
import type { PhotoFault } from './photo-fault.js';
import { album, saveAlbum } from './photo-memory.js';
import { isUnderWay, reducePhotoState, startPhotoState, type PhotoTask } from './photo-state.js';
import type { Offer, Picture } from './photo.js';
import { inspectPhotograph, preparePhotograph, type LikelyPhotograph } from './prepare-photograph.js';
import { usePlace } from './use-place.js';

export interface PhotoSearch {
  task: PhotoTask;
  /** Whether something is under way that can be ended. */
  isUnderWay: boolean;
  /** What the address stands for; null where there is nothing in it, or nothing is known of it here. */
  current: Picture | null;
  /** Searches with a photo that somebody gives. A later one takes an earlier one's place. */
  give: (offer: Offer) => void;
  /** Searches with a picture: by the id that it has already, else it is sent. */
  search: (picture: Picture) => void;
  /** Searches with a picture that the server has forgotten. */
  searchAnew: (picture: Picture) => void;
  /** Ends what is under way, and forgets what went wrong. What was searched with before stays. */
  drop: () => void;
}

/**
 * Searches with photos, one at a time: whatever is begun ends what was under way, so that nothing older arrives after it.
 *
 * @param address - the id in the address.
 * @param onArrival - told the id of a picture that can be searched with.
 */
export function usePhoto(address: string | null, onArrival: (id: string) => void): PhotoSearch {
  const client = useApolloClient();
  const [state, dispatch] = useReducer(reducePhotoState, address, startPhotoState);
  if (state.address !== address) dispatch({ kind: 'move', address });
  useLeave(() => dispatch({ kind: 'drop' }));
  const { begin } = useOneAtATime(isUnderWay(state));
  // The page may have changed while a photo was on its way.
  const latestArrival = useRef(onArrival);
  useLayoutEffect(() => {
    latestArrival.current = onArrival;
  });

  const arrive = (picture: Picture, id: string): void => {
    dispatch({ kind: 'arrive', picture, id });
    latestArrival.current(id);
  };
  const upload = async (picture: Picture, own: AbortSignal): Promise<void> => {
    dispatch({ kind: 'upload', picture });
    try {
      const { id, expiresAt } = await createQueryImage(client, picture.photo.source, {
        region: picture.region,
        signal: own,
      });
      if (own.aborted) return;
      album.keep(picture, id, Date.parse(expiresAt));
      void saveAlbum();
      arrive(picture, id);
    } catch (error) {
      if (!own.aborted) dispatch({ kind: 'fail', fault: { kind: 'refused', error: toLookalikeError(error) }, picture });
    }
  };
  const fail = (fault: PhotoFault): void => dispatch({ kind: 'fail', fault, picture: null });
  const prepare = async (likely: LikelyPhotograph, own: AbortSignal): Promise<void> => {
    dispatch({ kind: 'prepare', source: likely.photograph });
    const prepared = await preparePhotograph(likely);
    if (own.aborted) return;
    if ('fault' in prepared) fail(prepared.fault);
    else await upload({ photo: { key: makeKey(), source: prepared.photograph }, region: null }, own);
  };
  const inspect = async (source: Photograph, own: AbortSignal): Promise<void> => {
    // A file is shown once it is known to be a picture.
    if (!(source instanceof Blob)) dispatch({ kind: 'prepare', source });
    const inspected = await inspectPhotograph(source);
    if (own.aborted) return;
    if ('fault' in inspected) fail(inspected.fault);
    else await prepare(inspected, own);
  };
  const inspectSafely = (source: Photograph, own: AbortSignal): void => {
    inspect(source, own).catch(() => {
      if (!own.aborted) fail({ kind: 'unforeseen' });
    });
  };
  const search = (picture: Picture): void => {
    const own = begin();
    const id = album.handleOf(picture, Date.now());
    if (id === null) void upload(picture, own);
    else arrive(picture, id);
  };
  return {
    task: state.task,
    isUnderWay: isUnderWay(state),
    current: address === null ? null : album.recall(address),
    give: (offer) => {
      const sources: readonly Photograph[] = 'url' in offer ? [offer] : offer;
      const [source] = sources;
      if (sources.length > 1) fail({ kind: 'several', count: sources.length });
      else if (source !== undefined) inspectSafely(source, begin());
    },
    search,
    searchAnew: (picture) => {
      album.expire(picture.photo);
      search(picture);
    },
    drop: () => dispatch({ kind: 'drop' }),
  };
}

/** Told while the page is drawn at another place: a photo on its way was meant for the question that was left. */
function useLeave(onLeave: () => void): void {
  const place = usePlace();
  const [last, setLast] = useState(place);
  if (last === place) return;
  setLast(place);
  onLeave();
}

/** Ends what was begun when the next thing begins, when it is no longer wanted, and with the component. */
function useOneAtATime(isWanted: boolean): { begin: () => AbortSignal } {
  const running = useRef<AbortController | null>(null);
  // Before anything else can begin.
  useLayoutEffect(() => {
    if (!isWanted) running.current?.abort();
  }, [isWanted]);
  useEffect(() => () => running.current?.abort(), []);
  return {
    begin: () => {
      running.current?.abort();
      const own = new AbortController();
      running.current = own;
      return own.signal;
    },
  };
}

/** Not `randomUUID`, which is missing where a page comes over plain HTTP. */
function makeKey(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join('-');
}
