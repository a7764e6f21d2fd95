import type { Photograph } from '@lookalike/apollo';
import type { PhotoFault } from './photo-fault.js';
import type { Picture } from './photo.js';

/** What is being done about a photo. */
export type PhotoTask =
  | { kind: 'idle' }
  /** It is looked at here, and made smaller. */
  | { kind: 'preparing'; source: Photograph }
  | { kind: 'uploading'; picture: Picture }
  /** It has an id, which is not in the address yet. */
  | { kind: 'arrived'; picture: Picture }
  /** `picture` can be tried again; null where the photo itself is at fault. */
  | { kind: 'failed'; fault: PhotoFault; picture: Picture | null };

export interface PhotoState {
  /** The id that the address had last. */
  address: string | null;
  /** An id that the address has been asked to take; null where it has, or nothing was asked. */
  awaited: string | null;
  task: PhotoTask;
}

export type PhotoAction =
  | { kind: 'prepare'; source: Photograph }
  | { kind: 'upload'; picture: Picture }
  | { kind: 'arrive'; picture: Picture; id: string }
  | { kind: 'fail'; fault: PhotoFault; picture: Picture | null }
  /** Whatever is being done is given up, and what went wrong is forgotten. */
  | { kind: 'drop' }
  /** The address has another id. */
  | { kind: 'move'; address: string | null };

const IDLE: PhotoTask = { kind: 'idle' };

export function startPhotoState(address: string | null): PhotoState {
  return { address, awaited: null, task: IDLE };
}

/** What follows from an action. */
export function reducePhotoState(state: PhotoState, action: PhotoAction): PhotoState {
  switch (action.kind) {
    case 'prepare':
      return { ...state, task: { kind: 'preparing', source: action.source } };
    case 'upload':
      return { ...state, task: { kind: 'uploading', picture: action.picture } };
    case 'arrive':
      return arrive(state, action.picture, action.id);
    case 'fail':
      return { ...state, task: { kind: 'failed', fault: action.fault, picture: action.picture } };
    case 'drop':
      return { ...state, task: IDLE };
    case 'move':
      return move(state, action.address);
  }
}

/** Whether something is under way that can be ended. */
export function isUnderWay({ task }: PhotoState): boolean {
  return task.kind === 'preparing' || task.kind === 'uploading';
}

function arrive({ address }: PhotoState, picture: Picture, id: string): PhotoState {
  if (id === address) return startPhotoState(address);
  return { address, awaited: id, task: { kind: 'arrived', picture } };
}

/** A move that was asked for ends nothing that has begun since. Any other, such as Back, means that something else is wanted. */
function move({ awaited, task }: PhotoState, address: string | null): PhotoState {
  const isOwn = address !== null && address === awaited;
  return { address, awaited: null, task: isOwn && task.kind !== 'arrived' ? task : IDLE };
}
