import { SharedLoad } from './shared-load.js';
import { TextVectors } from './text-vectors.js';
import type { ThreadedTower } from './threaded-tower.js';
import { stopping } from './inference-queue.js';

type TextTower = Pick<ThreadedTower<string>, 'encode' | 'close'>;

/** The text half of an encoder, which is loaded when the first text comes: most shops have none. */
export class LazyTextEncoder {
  private readonly tower: SharedLoad<TextTower>;
  private readonly vectors: TextVectors;
  private readonly closed = new AbortController();

  /** @param load - loads the tower; stops trying when its signal is aborted. */
  constructor(load: (signal: AbortSignal) => Promise<TextTower>) {
    this.tower = new SharedLoad({ load: async () => load(this.closed.signal) });
    this.vectors = new TextVectors(async (text, signal) => {
      const tower = await this.tower.get();
      return tower.encode(text, { priority: 'search', signal });
    });
  }

  /** @throws as `ClipEncoder.encodeText` does. */
  async encode(text: string, signal: AbortSignal | undefined): Promise<Float32Array> {
    if (this.isClosed()) throw stopping();
    try {
      return await this.vectors.get(text, signal);
    } catch (error) {
      // A load that was broken off says nothing of the model.
      throw this.isClosed() ? stopping() : error;
    }
  }

  async close(): Promise<void> {
    this.closed.abort();
    const tower = await this.tower.settled();
    await tower?.close();
  }

  private isClosed(): boolean {
    return this.closed.signal.aborted;
  }
}
