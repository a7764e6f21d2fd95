import type { Photo, Picture } from './photo.js';
import { isSameRegion, type Region } from './region-geometry.js';

/** An id that the server gave for a part of a photo, or for the whole. */
export interface PhotoHandle {
  id: string;
  region: Region | null;
  /** When the server forgets it, in milliseconds since 1970; 0 where it is known to have. */
  expiresAt: number;
}

/** A photo, and all that it has been searched with as, the latest last. */
export interface AlbumPage {
  photo: Photo;
  handles: readonly PhotoHandle[];
}

/** What a tab remembers is what Back and a reload lead to; beyond this it is seldom gone back. */
const MOST_PAGES = 5;
const MOST_HANDLES = 50;

/** The photos of this tab. The server keeps none of them, so the page has to know which picture an id stands for. */
export class PhotoAlbum {
  /** @param pages - those of before a reload, the latest last. */
  constructor(private kept: readonly AlbumPage[]) {}

  get pages(): readonly AlbumPage[] {
    return this.kept;
  }

  /** The picture that an id stands for; null where it was given elsewhere, or too long ago. */
  recall(id: string): Picture | null {
    for (const { photo, handles } of this.kept) {
      const handle = handles.find((one) => one.id === id);
      if (handle !== undefined) return { photo, region: handle.region };
    }
    return null;
  }

  /** The id of a picture that was given before, so that it need not be sent again; null where there is none to go by. */
  handleOf({ photo, region }: Picture, now: number): string | null {
    const page = this.kept.find((one) => one.photo.key === photo.key);
    const isOfUse = (handle: PhotoHandle): boolean => isSameRegion(handle.region, region) && handle.expiresAt > now;
    return page?.handles.find(isOfUse)?.id ?? null;
  }

  /** Remembers the id of a picture. The photo becomes the latest; what is too much is forgotten. */
  keep({ photo, region }: Picture, id: string, expiresAt: number): void {
    const page = this.kept.find((one) => one.photo.key === photo.key);
    const handles = [...(page?.handles ?? []), { id, region, expiresAt }].slice(-MOST_HANDLES);
    const others = this.kept.filter((one) => one !== page);
    this.kept = [...others, { photo, handles }].slice(-MOST_PAGES);
  }

  /** The server no longer knows the ids of a photo: they stand for it still, and are not to be searched with. */
  expire(photo: Photo): void {
    this.kept = this.kept.map((page) =>
      page.photo.key === photo.key
        ? { ...page, handles: page.handles.map((handle) => ({ ...handle, expiresAt: 0 })) }
        : page,
    );
  }
}
