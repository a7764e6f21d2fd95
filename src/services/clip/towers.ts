import { AppError, ImageError, type AppErrorOptions } from '../../errors.js';
import type { Pixels } from '../../types.js';
import type { ImageBatch, TextBatch } from './encoder-messages.js';

/** What differs between the two halves of a CLIP model, as seen from outside their threads. */
export interface Tower<Input> {
  /** What it makes vectors of, for messages. */
  noun: 'image' | 'text';
  /** Puts a batch in the form in which it travels to the thread, with the buffers that are handed over. */
  pack: (batch: readonly Input[]) => { message: ImageBatch | TextBatch; transfer: ArrayBuffer[] };
  /** The error of an input that the model makes nothing of. */
  defect: (message: string, options?: AppErrorOptions) => AppError;
}

export const visionTower: Tower<Pixels> = {
  noun: 'image',
  pack: (batch) => {
    const message = joined(batch);
    return { message, transfer: [message.pixels.buffer] };
  },
  defect: (message, options) => new ImageError('INTERNAL', message, options),
};

export const textTower: Tower<string> = {
  noun: 'text',
  pack: (texts) => ({ message: { texts }, transfer: [] }),
  defect: (message, options) => new AppError('INTERNAL_SERVER_ERROR', message, { logLevel: 'error', ...options }),
};

/** One buffer for the whole batch, which can be handed over to the thread while the caller keeps the pixels. */
function joined(batch: readonly Pixels[]): ImageBatch & { pixels: Uint8Array<ArrayBuffer> } {
  const pixels = new Uint8Array(batch.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of batch) {
    pixels.set(data, at);
    at += data.length;
  }
  return { count: batch.length, pixels };
}
