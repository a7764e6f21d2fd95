import type { Offer } from './photo.js';

/** How addresses of pictures end. What one without such an end leads to, nobody knows before it is fetched. */
const PICTURE_PATH = /\.(jpe?g|png|webp|avif|gif|heic|heif)$/i;

/**
 * What was dropped or pasted, as far as it may be a photo: files, else the picture that a page's fragment shows, as when it is
 * dragged out of another tab, else an address of a picture. Null for text and links.
 */
export function transferredPhotograph(transfer: DataTransfer): Offer | null {
  if (transfer.files.length > 0) return [...transfer.files];
  const url = pictureIn(transfer.getData('text/html')) ?? pictureAddress(transfer.getData('text/uri-list'));
  return url === null ? null : { url };
}

/** Whether what is dragged holds files, which the page takes; what it is cannot be known before it is dropped. */
export function holdsFiles({ types }: DataTransfer): boolean {
  return types.includes('Files');
}

/** Whether it holds an address, which may be that of a picture. */
export function holdsAddress({ types }: DataTransfer): boolean {
  return types.includes('text/uri-list');
}

/** A parsed document fetches nothing and runs nothing. */
function pictureIn(html: string): string | null {
  const source = new DOMParser().parseFromString(html, 'text/html').querySelector('img[src]')?.getAttribute('src');
  return source !== undefined && source !== null && /^(https?:|data:image\/)/i.test(source) ? source : null;
}

/** One address a line; lines with # are comments. */
function pictureAddress(list: string): string | null {
  const [first] = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  if (first === undefined || !URL.canParse(first)) return null;
  const { protocol, pathname, href } = new URL(first);
  return /^https?:$/.test(protocol) && PICTURE_PATH.test(pathname) ? href : null;
}

/** Whether somebody types there, so that text and addresses are meant for it. */
export function isTypedIn(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, input:not([type=file], [type=checkbox], [type=radio])');
}
