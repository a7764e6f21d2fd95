import {
  createQueryImage,
  toLookalikeError,
  type LookalikeError,
  type Photograph,
  type QueryImage,
  type RegionInput,
} from '@lookalike/apollo';
import { useSyncExternalStore } from 'react';
import { panelClient } from './panel-client.js';

/** A photograph that the server has taken. */
export interface GivenPhotograph {
  photograph: Photograph;
  /** The part of it that is searched with; null is the whole. */
  region: RegionInput | null;
  /** Where the page has it, to show it. */
  pictureUrl: string;
  queryImage: QueryImage;
}

/** What there is of a photograph, whether the panel is on show or not. */
export interface PhotographState {
  /** The last one that was taken; null while none was. */
  given: GivenPhotograph | null;
  isUploading: boolean;
  /** Why the last try came to nothing; what was taken before stays. */
  error: LookalikeError | null;
}

let state: PhotographState = { given: null, isUploading: false, error: null };
let running: AbortController | null = null;
const listeners = new Set<() => void>();

/**
 * Gives a photograph to the server. A later one takes an earlier one's place.
 *
 * @returns Null where it was not taken, or a later one came before it was.
 */
export async function givePhotograph(photograph: Photograph, region: RegionInput | null): Promise<QueryImage | null> {
  running?.abort();
  const own = new AbortController();
  running = own;
  change({ isUploading: true, error: null });
  try {
    const queryImage = await createQueryImage(panelClient, photograph, { region, signal: own.signal });
    if (own.signal.aborted) return null;
    keep({ photograph, region, queryImage });
    return queryImage;
  } catch (error) {
    if (!own.signal.aborted) refusePhotograph(toLookalikeError(error));
    return null;
  }
}

/** Says why something can't be searched with. */
export function refusePhotograph(error: LookalikeError): void {
  change({ isUploading: false, error });
}

/** For components: what there is of a photograph. */
export function useGivenPhotograph(): PhotographState {
  return useSyncExternalStore(subscribe, () => state);
}

/** The same photograph with another region keeps its address. */
function keep(taken: Omit<GivenPhotograph, 'pictureUrl'>): void {
  const before = state.given;
  const pictureUrl = before?.photograph === taken.photograph ? before.pictureUrl : urlOf(taken.photograph);
  if (before !== null && before.pictureUrl !== pictureUrl) URL.revokeObjectURL(before.pictureUrl);
  change({ given: { ...taken, pictureUrl }, isUploading: false });
}

function urlOf(photograph: Photograph): string {
  return photograph instanceof Blob ? URL.createObjectURL(photograph) : photograph.url;
}

function change(part: Partial<PhotographState>): void {
  state = { ...state, ...part };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
