/** Makes the vector of a text; `signal` is aborted when nobody waits for it any more. */
export type EncodeText = (text: string, signal: AbortSignal) => Promise<Float32Array>;

interface Entry {
  vector: Promise<Float32Array>;
  isSettled: boolean;
  /** Callers that wait for it. */
  waiting: number;
  nobodyWaits: AbortController;
}

/** Texts whose vectors are kept: 2 MB of vectors of 512 numbers. Visitors of a shop search for the same things again and again. */
const SIZE = 1000;

/**
 * The vectors of the latest texts. Each is made once, however many ask for it at the same time and however they space it; one
 * that came to nothing is made again for the next who asks.
 */
export class TextVectors {
  /** The least recently asked for comes first. */
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly encode: EncodeText,
    private readonly size = SIZE,
  ) {}

  /**
   * @returns a vector of the caller's own.
   * @throws what `encode` throws, and the reason of `signal`; others who wait for the same text go on waiting.
   */
  async get(text: string, signal?: AbortSignal): Promise<Float32Array> {
    signal?.throwIfAborted();
    const key = normalised(text);
    const entry = this.entries.get(key) ?? this.start(key);
    this.moveToEnd(key, entry);
    entry.waiting += 1;
    try {
      return (await orAborted(entry.vector, signal)).slice();
    } finally {
      entry.waiting -= 1;
      if (entry.waiting === 0 && !entry.isSettled) this.giveUp(key, entry);
    }
  }

  private start(key: string): Entry {
    const nobodyWaits = new AbortController();
    const entry: Entry = {
      vector: this.encode(key, nobodyWaits.signal),
      isSettled: false,
      waiting: 0,
      nobodyWaits,
    };
    entry.vector.then(
      () => (entry.isSettled = true),
      () => {
        entry.isSettled = true;
        this.forget(key, entry);
      },
    );
    return entry;
  }

  private moveToEnd(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.size) return;
      this.entries.delete(oldest);
    }
  }

  private giveUp(key: string, entry: Entry): void {
    this.forget(key, entry);
    entry.nobodyWaits.abort();
  }

  private forget(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }
}

/** What people see as the same text. */
function normalised(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
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
