/**
 * What a service tells of its work to whoever watches the process: how long each stage of a search took. Services are given
 * one and know nothing of metrics and traces; src/telemetry/ makes one that does. This file imports nothing.
 */

/**
 * Stages of a search: `receive` the photograph (upload or download), `decode` it to pixels, wait in the `queue` of the model,
 * `inference`, `search` in the vector database, `hydrate` with the catalogue's products and images.
 */
export type Stage = 'receive' | 'decode' | 'queue' | 'inference' | 'search' | 'hydrate';

export interface Observer {
  /** Runs `work` as one stage of what is going on; what it throws is passed on. */
  time<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
  /** A stage that has just ended, and took so many milliseconds. */
  note(stage: Stage, ms: number): void;
}

/** Looks away: for commands, which print their own results. */
export const NO_OBSERVER: Observer = { time: (_stage, work) => work(), note: () => undefined };
