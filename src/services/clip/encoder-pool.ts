import type { ClipConfig } from '../../config.js';
import type { Log } from '../../log.js';
import type { Observer } from '../../observer.js';
import type { Close } from '../../types.js';
import { startClipEncoder, type ClipEncoderOptions } from './clip-encoder.js';
import { findModel } from './clip-models.js';
import type { ClipEncoder } from './image-encoder.js';
import { stopping } from './inference-queue.js';
import { SharedLoad } from './shared-load.js';

/** A model that may be loaded. */
export interface PooledModel {
  name: string;
  /** What `CLIP_MODEL` would say of it: a short name, a hub id, a folder. Null where that is its name. */
  source: string | null;
}

/** The encoders of the models that a process works with, each loaded when it is first needed and then kept. */
export interface EncoderPool {
  /**
   * @returns an encoder whose model has the name asked for; the pool closes it.
   * @throws ModelUnavailableError where it can't be had or loaded. It is tried again at a later call, ten seconds later at the
   *   earliest: until then the error stays.
   * @throws ServiceUnavailableError after `close`.
   */
  load(model: PooledModel): Promise<ClipEncoder>;
  /** The encoder of a model that is loaded; null where it is not, or not yet. */
  loaded(name: string): ClipEncoder | null;
  /** Breaks downloads off and closes all of them, those that are still being loaded included. Safe to call twice. */
  close: Close;
}

export interface EncoderPoolOptions {
  config: ClipConfig;
  log: Log;
  /** Is told how long images and texts wait and are inferred. */
  observer?: Observer;
  /** Loads a model. */
  start?: (options: ClipEncoderOptions) => Promise<ClipEncoder>;
  /** Encoders that are there already. */
  preloaded?: readonly ClipEncoder[];
  /** Milliseconds, from any start. */
  now?: () => number;
}

export function makeEncoderPool(options: EncoderPoolOptions): EncoderPool {
  return new LoadingPool(options);
}

interface Entry {
  /** As the latest caller knows it, for the next try. */
  source: string | null;
  load: SharedLoad<ClipEncoder>;
}

class LoadingPool implements EncoderPool {
  private readonly entries = new Map<string, Entry>();
  private readonly closed = new AbortController();
  private readonly preloaded: ReadonlyMap<string, ClipEncoder>;
  private closing: Promise<void> | null = null;

  constructor(private readonly options: EncoderPoolOptions) {
    this.preloaded = new Map(options.preloaded?.map((encoder) => [encoder.model.name, encoder]));
  }

  async load({ name, source }: PooledModel): Promise<ClipEncoder> {
    if (this.closed.signal.aborted) throw stopping();
    const preloaded = this.preloaded.get(name);
    if (preloaded !== undefined) return preloaded;
    const entry = this.entries.get(name) ?? this.newEntry(name);
    entry.source = source;
    return entry.load.get().catch((error: unknown) => {
      // A load that was broken off says nothing of the model.
      throw this.closed.signal.aborted ? stopping() : error;
    });
  }

  loaded(name: string): ClipEncoder | null {
    if (this.closed.signal.aborted) return null;
    return this.preloaded.get(name) ?? this.entries.get(name)?.load.loaded() ?? null;
  }

  async close(): Promise<void> {
    this.closing ??= this.closeAll();
    await this.closing;
  }

  private newEntry(name: string): Entry {
    const { config, log, observer, now, start = startClipEncoder } = this.options;
    const load = async () => {
      const model = specOf({ name, source: entry.source }, config);
      return start({ config: { ...config, model }, name, log, observer, signal: this.closed.signal });
    };
    const entry: Entry = { source: null, load: new SharedLoad({ load, now }) };
    this.entries.set(name, entry);
    return entry;
  }

  private async closeAll(): Promise<void> {
    this.closed.abort();
    const loaded = [...this.entries.values()].map(async ({ load }) => load.settled());
    const encoders = [...this.preloaded.values(), ...(await Promise.all(loaded))];
    await Promise.all(encoders.map(async (encoder) => encoder?.close()));
  }
}

/**
 * What the model is loaded by. Where this process's own configuration names it, that comes first: the source may be a folder
 * of another machine.
 */
function specOf({ name, source }: PooledModel, config: ClipConfig): string {
  return findModel(config.model)?.name === name ? config.model : (source ?? name);
}
