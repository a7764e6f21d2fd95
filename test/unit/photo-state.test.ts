import { describe, expect, it } from 'vitest';
import {
  isUnderWay,
  reducePhotoState,
  startPhotoState,
  type PhotoAction,
  type PhotoState,
} from '../../web/src/search/photo/photo-state.js';
import { photoView } from '../../web/src/search/photo/photo-view.js';

const source = { url: 'https://shop.example/a.jpg' };
const picture = { photo: { key: 'a', source }, region: null };
const part = { ...picture, region: { x: 0, y: 0, width: 0.5, height: 0.5 } };

const after = (address: string | null, ...actions: PhotoAction[]): PhotoState =>
  actions.reduce(reducePhotoState, startPhotoState(address));

describe('a photo that is given', () => {
  it('is under way until it has an id or is given up', () => {
    expect(isUnderWay(after(null))).toBe(false);
    expect(isUnderWay(after(null, { kind: 'prepare', source }))).toBe(true);
    expect(isUnderWay(after(null, { kind: 'upload', picture }))).toBe(true);
    expect(isUnderWay(after(null, { kind: 'upload', picture }, { kind: 'drop' }))).toBe(false);
    expect(isUnderWay(after(null, { kind: 'upload', picture }, { kind: 'arrive', picture, id: 'new' }))).toBe(false);
  });

  it('is shown until the address has its id', () => {
    const arrived = after('old', { kind: 'upload', picture: part }, { kind: 'arrive', picture: part, id: 'new' });
    expect(photoView(arrived.task, 'old', picture)).toEqual({ kind: 'photo', source, picture: part });
    const moved = reducePhotoState(arrived, { kind: 'move', address: 'new' });
    expect(moved).toEqual(startPhotoState('new'));
  });

  it('has nothing to wait for where the address has its id already', () => {
    expect(after('same', { kind: 'arrive', picture, id: 'same' })).toEqual(startPhotoState('same'));
  });

  it('is given up when somebody goes elsewhere meanwhile', () => {
    const gone = after('old', { kind: 'upload', picture }, { kind: 'move', address: 'older' });
    expect(gone).toEqual(startPhotoState('older'));
  });

  it('goes on when only the id of the one before it comes into the address', () => {
    const state = after(
      null,
      { kind: 'arrive', picture, id: 'first' },
      { kind: 'upload', picture: part },
      { kind: 'move', address: 'first' },
    );
    expect(state.task).toEqual({ kind: 'uploading', picture: part });
  });

  it('leaves what was searched with when it fails, until somebody goes elsewhere', () => {
    const failed = after('old', { kind: 'fail', fault: { kind: 'empty' }, picture: null });
    expect(photoView(failed.task, 'old', picture)).toEqual({ kind: 'photo', source, picture });
    expect(photoView(failed.task, 'old', null)).toEqual({ kind: 'elsewhere' });
    expect(photoView(failed.task, null, null)).toEqual({ kind: 'nothing' });
    expect(reducePhotoState(failed, { kind: 'move', address: null }).task).toEqual({ kind: 'idle' });
  });
});
