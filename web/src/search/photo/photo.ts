import type { Photograph } from '@lookalike/apollo';
import type { Region } from './region-geometry.js';

/** A photo that is fit to be given to the server. */
export interface Photo {
  /** Its own, for as long as it is remembered. */
  key: string;
  /** A file, or where it is on the web. */
  source: Photograph;
}

/** What is searched with: a photo, or a part of it. */
export interface Picture {
  photo: Photo;
  /** Null is the whole. */
  region: Region | null;
}

/** A photo as somebody gives it, before anything is known of it. One at a time is wanted; several may come. */
export type Offer = readonly Blob[] | { url: string };
