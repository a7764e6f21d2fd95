import { LRUCache } from 'lru-cache';

/** Makes what a key stands for; `signal` is aborted when nobody waits for it any more. */
export type MakeAnswer<Value> = (signal: AbortSignal) => Promise<Value>;

interface Entry<Value> {
  answer: Promise<Value>;
  isSettled: boolean;
  /** Callers that wait for it. */
  waiting: number;
  nobodyWaits: AbortController;
}

/**
 * What was asked for latest. Each answer is made once, however many ask for it at the same time; one that came to nothing is
 * made again for the next who asks.
 */
export class LatestAnswers<Value> {
  private readonly entries: LRUCache<string, Entry<Value>>;

  /** @param size - answers that are kept; those that were not asked for the longest make room. */
  constructor(size: number) {
    this.entries = new LRUCache({ max: size });
  }

  /**
   * @returns what all callers share.
   * @throws what `make` throws, and the reason of `signal`; others who wait for the same go on waiting.
   */
  async get(key: string, make: MakeAnswer<Value>, signal?: AbortSignal): Promise<Value> {
    signal?.throwIfAborted();
    const entry = this.entries.get(key) ?? this.start(key, make);
    entry.waiting += 1;
    try {
      return await orAborted(entry.answer, signal);
    } finally {
      entry.waiting -= 1;
      if (entry.waiting === 0 && !entry.isSettled) this.giveUp(key, entry);
    }
  }

  private start(key: string, make: MakeAnswer<Value>): Entry<Value> {
    const nobodyWaits = new AbortController();
    const entry: Entry<Value> = { answer: make(nobodyWaits.signal), isSettled: false, waiting: 0, nobodyWaits };
    this.entries.set(key, entry);
    entry.answer.then(
      () => (entry.isSettled = true),
      () => {
        entry.isSettled = true;
        this.forget(key, entry);
      },
    );
    return entry;
  }

  private giveUp(key: string, entry: Entry<Value>): void {
    this.forget(key, entry);
    entry.nobodyWaits.abort();
  }

  private forget(key: string, entry: Entry<Value>): void {
    if (this.entries.peek(key) === entry) this.entries.delete(key);
  }
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
