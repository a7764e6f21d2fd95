import { describe, expect, it } from 'vitest';
import { PhotoAlbum } from '../../web/src/search/photo/photo-album.js';

const NOW = 1_000;
const LATER = 2_000;
const part = { x: 0.1, y: 0.1, width: 0.5, height: 0.5 };

const photo = (key: string) => ({ key, source: { url: `https://shop.example/${key}.jpg` } });
const whole = (key: string) => ({ photo: photo(key), region: null });

describe('the album of photos', () => {
  it('knows which picture an id stands for, and which part of it', () => {
    const album = new PhotoAlbum([]);
    album.keep(whole('a'), 'id-of-whole', LATER);
    album.keep({ photo: photo('a'), region: part }, 'id-of-part', LATER);
    expect(album.recall('id-of-whole')).toEqual(whole('a'));
    expect(album.recall('id-of-part')).toEqual({ photo: photo('a'), region: part });
    expect(album.recall('another')).toBeNull();
  });

  it('gives the id of a picture again, so that nothing is sent twice', () => {
    const album = new PhotoAlbum([]);
    album.keep(whole('a'), 'id', LATER);
    expect(album.handleOf(whole('a'), NOW)).toBe('id');
    expect(album.handleOf({ photo: photo('a'), region: part }, NOW)).toBeNull();
    expect(album.handleOf(whole('b'), NOW)).toBeNull();
  });

  it('gives no id that is over, and the picture of it still', () => {
    const album = new PhotoAlbum([]);
    album.keep(whole('a'), 'id', NOW);
    expect(album.handleOf(whole('a'), NOW)).toBeNull();
    expect(album.recall('id')).toEqual(whole('a'));
  });

  it('gives the latest id of a picture that was given anew, and no earlier one', () => {
    const album = new PhotoAlbum([]);
    album.keep(whole('a'), 'first', LATER);
    album.keep(whole('b'), 'other', LATER);
    album.expire(photo('a'));
    expect(album.handleOf(whole('a'), NOW)).toBeNull();
    expect(album.handleOf(whole('b'), NOW)).toBe('other');
    album.keep(whole('a'), 'second', LATER);
    expect(album.handleOf(whole('a'), NOW)).toBe('second');
    expect(album.recall('first')).toEqual(whole('a'));
  });

  it('keeps the last five photos, of which one is the last again when it is searched with again', () => {
    const album = new PhotoAlbum([]);
    for (const key of ['a', 'b', 'c', 'd', 'e']) album.keep(whole(key), `id-of-${key}`, LATER);
    album.keep({ photo: photo('a'), region: part }, 'part-of-a', LATER);
    album.keep(whole('f'), 'id-of-f', LATER);
    expect(album.pages.map((page) => page.photo.key)).toEqual(['c', 'd', 'e', 'a', 'f']);
    expect(album.recall('id-of-a')).toEqual(whole('a'));
    expect(album.recall('id-of-b')).toBeNull();
  });

  it('keeps fifty ids of a photo', () => {
    const album = new PhotoAlbum([]);
    for (let number = 0; number < 60; number += 1) album.keep(whole('a'), `id-${number}`, LATER);
    expect(album.pages.map((page) => page.handles.length)).toEqual([50]);
    expect(album.recall('id-9')).toBeNull();
    expect(album.recall('id-10')).not.toBeNull();
  });
});
