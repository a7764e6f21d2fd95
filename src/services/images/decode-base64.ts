import { BadUserInputError, ImageError } from '../../errors.js';
import { readableSize } from './readable-size.js';

/** RFC 2397: a media type with parameters, the last of them saying that base64 follows. */
const DATA_URL_HEAD = /^data:[^,]{0,200};base64,/i;

/** Four characters are three bytes; `=` fills up the last four. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes of base64, plain or in a `data:` URL. Line breaks and other white space in it don't count.
 *
 * @param limits.argument - what the text came as, for messages.
 * @throws BadUserInputError where it is neither.
 * @throws ImageError TOO_LARGE where it has more than `limits.maxBytes` bytes.
 */
export function decodeBase64(text: string, { argument, maxBytes }: { argument: string; maxBytes: number }): Buffer {
  const data = text.trim().replace(DATA_URL_HEAD, '').replaceAll(/\s+/g, '');
  // `Buffer.from` would pass over what does not belong there.
  if (data.length % 4 !== 0 || !BASE64.test(data)) {
    throw new BadUserInputError(
      argument,
      `\`${argument}\` must be the photograph in base64, plain or as a data: URL ("data:image/jpeg;base64,…"), and this is neither.`,
    );
  }
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > maxBytes) {
    throw new ImageError(
      'TOO_LARGE',
      `The photograph in \`${argument}\` is larger than the ${readableSize(maxBytes)} that are accepted.`,
    );
  }
  return bytes;
}
