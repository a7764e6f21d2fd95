import express, { Router } from 'express';

/** The endings of what may be a product's picture. Whatever else lies in the folder is nobody's business. */
const PICTURE = /\.(jpe?g|png|webp|avif|gif)$/i;

/** Serves the pictures of a folder, and nothing else that is in it. */
export function servePictures(folder: string): Router {
  const router = Router();
  router.use((request, response, next) => {
    if (!PICTURE.test(request.path)) {
      response.sendStatus(404);
      return;
    }
    // A file that only calls itself a picture must not run as a page of this origin.
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "default-src 'none'; sandbox" });
    next();
  });
  router.use(express.static(folder, { index: false, dotfiles: 'deny', maxAge: '1h', fallthrough: false }));
  return router;
}
