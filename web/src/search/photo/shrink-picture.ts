/** A sensible quality for photos: the loss is not seen, and the file is a tenth of a lossless one. */
const JPEG_QUALITY = 0.9;

/** A picture that the browser has read, upright. */
export interface DecodedPicture {
  width: number;
  height: number;
  source: CanvasImageSource;
  /** Gives its memory back. */
  close: () => void;
}

/** Reads a picture; null where this browser can't, because it is damaged, of an unknown format, or far too large. */
export async function decodePicture(file: Blob): Promise<DecodedPicture | null> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    return { width: bitmap.width, height: bitmap.height, source: bitmap, close: () => bitmap.close() };
  } catch {
    return decodeByElement(file);
  }
}

/** Some browsers read more as an element than as a bitmap, and older ones don't know how to turn a bitmap upright. */
async function decodeByElement(file: Blob): Promise<DecodedPicture | null> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    return { width, height, source: image, close: () => URL.revokeObjectURL(url) };
  } catch {
    URL.revokeObjectURL(url);
    return null;
  }
}

/**
 * The picture as a JPEG with sides of at most `longestSide` pixels; a smaller one stays as large as it is. What is transparent
 * becomes white, as the server has it.
 *
 * @returns null where the browser has no room for it.
 */
export async function toJpeg(picture: DecodedPicture, longestSide: number): Promise<Blob | null> {
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture.source, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY));
}
