import sharp, { type Sharp } from 'sharp';

/*
 * libvips as it has to be set up to read bytes from strangers, once a process. Anything that decodes photographs goes
 * through this file.
 */

// Every photograph is another one, so the cache of decoded operations only holds memory.
sharp.cache(false);
// Several photographs are decoded at the same time; threads within one only get in each other's way.
sharp.concurrency(1);
// libvips reads some forty formats, several through libraries with a record of holes. The SVG loader stays, as this
// setting is one for the whole process and the demo draws with it; no SVG comes here, since `sniffFormat` decides before
// libvips sees a byte, and libvips asks the loaders of the accepted formats before that of SVG.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadHeif',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadSvg',
  ],
});

/** A 40-megapixel photograph takes about a second; what takes longer than this is made to. */
const DECODE_SECONDS = 10;

/**
 * Opens a photograph for decoding: the first frame, turned upright, with a limit on time.
 *
 * Damage that leaves pixels wrong is refused (`failOn: 'error'`, which includes cut-off files); a decoder's mere warnings,
 * as many cameras' files cause, are not. Rows below what is asked for are not read, so damage there goes unnoticed.
 */
export function openPhotograph(bytes: Buffer, { maxPixels }: { maxPixels: number | false }): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, autoOrient: true, pages: 1 }).timeout({
    seconds: DECODE_SECONDS,
  });
}
