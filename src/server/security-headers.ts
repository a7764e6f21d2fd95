import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Headers of every answer. They are for answers that are no documents: nothing may be loaded or shown from within them, by any
 * page. Documents of the page, its files and pictures put their own in their places.
 */
export const sendSecurityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
  // Over plain HTTP it means nothing, and is better not said by a server that may be reached by that alone.
  strictTransportSecurity: false,
});

const promise = helmet.strictTransportSecurity({ maxAge: YEAR_SECONDS, includeSubDomains: false });

/** Promises HTTPS for a year to who has come by it, as far as a trusted proxy says so. */
export const promiseHttps: RequestHandler = (request, response, next) => {
  if (request.secure) promise(request, response, next);
  else next();
};
