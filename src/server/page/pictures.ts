import type { RequestHandler } from 'express';
import { ImageError } from '../../errors.js';
import { locateImage } from '../../services/images/image-location.js';
import { readImageFile } from '../../services/images/read-image-file.js';
import { sniffFormat } from '../../services/images/sniff-format.js';

export interface PictureFolder {
  /** Absolute path of the folder that relative image URLs are below. */
  root: string;
  /** Cap on the bytes of one picture. */
  maxBytes: number;
}

/**
 * Serves the pictures of a folder by the paths that `ImageSource.publicUrl` gives, found by the same rules as a backfill
 * finds them: never outside the folder, and nothing whose content is no picture.
 */
export function servePictures({ root, maxBytes }: PictureFolder): RequestHandler {
  return async (request, response) => {
    try {
      const location = locateImage(decodeURIComponent(request.path.slice(1)), { baseUrl: null, root });
      if (location.kind !== 'file') throw new URIError('Not below the folder.');
      const { bytes, lastModified } = await readImageFile({ root, names: location.names, maxBytes });
      response.set({
        'Content-Type': `image/${sniffFormat(bytes)}`,
        'Cache-Control': 'public, max-age=3600',
        // Pages of the shop show it, on whatever site they are.
        'Cross-Origin-Resource-Policy': 'cross-origin',
        // A file that only calls itself a picture must not run as a page of this origin.
        'Content-Security-Policy': "default-src 'none'; sandbox",
        ...(lastModified !== null && { 'Last-Modified': lastModified }),
      });
      response.send(bytes);
    } catch (error) {
      // Why it can't be had is the admin's to know, from the failures of a backfill.
      if (!(error instanceof ImageError || error instanceof URIError)) throw error;
      response.sendStatus(404);
    }
  };
}
