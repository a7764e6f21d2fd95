import type { Photograph } from '@lookalike/apollo';
import type { PhotoTask } from './photo-state.js';
import type { Picture } from './photo.js';

/** What the panel shows. */
export type PhotoView =
  | { kind: 'nothing' }
  /** `picture` is null while the photo is still looked at here: nothing can be selected of it yet. */
  | { kind: 'photo'; source: Photograph; picture: Picture | null }
  /** What the address stands for was given elsewhere. */
  | { kind: 'elsewhere' };

/**
 * What there is to see: the photo that is on its way, else what is searched with.
 *
 * @param address - the id in the address.
 * @param current - what it stands for, where that is known here.
 */
export function photoView(task: PhotoTask, address: string | null, current: Picture | null): PhotoView {
  switch (task.kind) {
    case 'preparing':
      return { kind: 'photo', source: task.source, picture: null };
    case 'uploading':
    case 'arrived':
      return viewOf(task.picture);
    case 'idle':
    case 'failed':
      if (current !== null) return viewOf(current);
      return { kind: address === null ? 'nothing' : 'elsewhere' };
  }
}

function viewOf(picture: Picture): PhotoView {
  return { kind: 'photo', source: picture.photo.source, picture };
}
