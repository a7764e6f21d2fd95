import type { Photograph } from '@lookalike/apollo';
import { fromDataUrl, toDataUrl } from './data-url.js';
import { PhotoAlbum, type AlbumPage, type PhotoHandle } from './photo-album.js';
import { decodePicture, toJpeg } from './shrink-picture.js';

/** Gone with the tab, as the photos are nobody else's business. */
const KEY = 'lookalike.photos';

/** Enough to look at, and to select a part of; some 150 kB each, of the 5 MB that a tab may keep. */
const KEPT_SIDE = 1024;

interface SavedPage {
  key: string;
  /** A `data:` address, or where the photo is on the web. */
  picture: string;
  handles: PhotoHandle[];
}

/** The photos of this tab, those of before a reload among them. */
export const album = new PhotoAlbum(readPages());

/** What has been made of a photo for keeping, so that it is made once. */
const pictures = new WeakMap<Blob, Promise<string | null>>();

/** Keeps what the album has over a reload. Nothing depends on it: where there is no room, less is kept. */
export async function saveAlbum(): Promise<void> {
  const pages = await Promise.all(album.pages.map(savedPage));
  const saved = pages.filter((page) => page !== null);
  while (saved.length > 0 && !isWritten(saved)) saved.shift();
}

async function savedPage({ photo, handles }: AlbumPage): Promise<SavedPage | null> {
  const picture = await savedPicture(photo.source);
  return picture === null ? null : { key: photo.key, picture, handles: [...handles] };
}

async function savedPicture(source: Photograph): Promise<string | null> {
  if (!(source instanceof Blob)) return source.url;
  const known = pictures.get(source) ?? smallDataUrl(source);
  pictures.set(source, known);
  return known;
}

async function smallDataUrl(file: Blob): Promise<string | null> {
  const picture = await decodePicture(file);
  if (picture === null) return null;
  const jpeg = await toJpeg(picture, KEPT_SIDE);
  picture.close();
  return jpeg === null ? null : toDataUrl(jpeg);
}

function isWritten(pages: readonly SavedPage[]): boolean {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(pages));
    return true;
  } catch {
    return false;
  }
}

function readPages(): AlbumPage[] {
  try {
    const saved = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as SavedPage[];
    return saved.map(({ key, picture, handles }) => ({ photo: { key, source: sourceOf(picture) }, handles }));
  } catch {
    return [];
  }
}

function sourceOf(picture: string): Photograph {
  return fromDataUrl(picture) ?? { url: picture };
}
