import type { Log } from './log.js';

/*
 * What services, jobs and the server tell of their work to whoever watches the process. They are given one and know nothing of
 * metrics and traces; src/telemetry/ makes one that does.
 */

/**
 * Stages of a search: `receive` the photograph (upload or download), `decode` it to pixels, wait in the `queue` of the model,
 * `inference`, `search` in the vector database, `hydrate` with the catalogue's products and images.
 */
export type Stage = 'receive' | 'decode' | 'queue' | 'inference' | 'search' | 'hydrate';

/** What the work is for. */
export type Purpose = 'search' | 'backfill';

export interface Observer {
  /** Runs `work` as one stage of what is going on; what it throws is passed on. */
  time<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
  /** A stage that has just ended, and took so many milliseconds. To be called by whoever waited for it. */
  note(stage: Stage, ms: number): void;
  /** One more, or one less, waits for the model. */
  queued(purpose: Purpose, change: 1 | -1): void;
}

/** Looks away: for commands, which print their own results. */
export const NO_OBSERVER: Observer = {
  time: (_stage, work) => work(),
  note: () => undefined,
  queued: () => undefined,
};

/** What one transaction of a backfill stored. */
export interface StoredImages {
  embedded: number;
  skipped: number;
  /** Why images failed, once for each of them. */
  failures: readonly string[];
}

/** The states that a backfill ends in. */
export type EndState = 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface BackfillObserver {
  /** Runs work of backfills, so that its stages count as theirs. */
  run<T>(work: () => T): T;
  /** A batch was stored, which took so many milliseconds. */
  stored(images: StoredImages, ms: number): void;
  ended(state: EndState): void;
}

/** Looks away, as {@link NO_OBSERVER} does. */
export const NO_BACKFILL_OBSERVER: BackfillObserver = {
  run: (work) => work(),
  stored: () => undefined,
  ended: () => undefined,
};

/** How an operation came. */
export type Transport = 'http' | 'event stream' | 'socket';

export interface Arrival {
  /** Of the request, or of the subscription on a socket. */
  id: string;
  transport: Transport;
  /** The header of the same name, by W3C's "Trace Context": what this operation is a part of. */
  traceparent: string | undefined;
}

/** What an operation is. The fields are known to the schema; the name is the client's own. */
export interface OperationName {
  type: 'query' | 'mutation' | 'subscription';
  name: string | null;
  /** Each once. */
  rootFields: readonly string[];
}

/** An operation that is going on. */
export interface ObservedOperation {
  readonly id: string;
  /** Has the id in every line. */
  readonly log: Log;
  /** To be called once it is valid. */
  named(name: OperationName): void;
  /** It has come to its end: it was answered, or accepted where it is a subscription. `isGone`: nobody waits any more. */
  end(how?: { isGone: boolean }): void;
}

/** What stays open beyond one answer: a WebSocket, an event stream. */
export type OpenThing = 'socket' | 'stream';

export interface OperationObserver {
  /** Runs an operation, and all that it leads to, as one; it ends when its `end` is called. */
  run<T>(arrival: Arrival, work: (operation: ObservedOperation) => T): T;
  /** The operation that runs here; null outside of any. */
  current(): ObservedOperation | null;
  /** An error that a client is told of. The first one is the code of the operation that runs here. */
  failed(code: string): void;
  /** An operation was refused with this code before anything was known of it. */
  turnedAway(code: string): void;
  /** Something was opened. @returns What is to be called when it is closed; only the first call counts. */
  opened(what: OpenThing): () => void;
}
