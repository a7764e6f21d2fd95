import { setMaxListeners } from 'node:events';

/** Gives back the place that was taken. Further calls do nothing. */
export type Release = () => void;

/** A number of places. Whoever wants one while all are taken waits, first come first served. */
export class Semaphore {
  private free: number;
  private readonly waiting: ((release: Release) => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  /** @throws The signal's reason once it is aborted while waiting, which gives up the place in the queue. */
  async acquire(signal?: AbortSignal): Promise<Release> {
    signal?.throwIfAborted();
    if (this.free === 0) return this.wait(signal);
    this.free -= 1;
    return this.makeRelease();
  }

  private wait(signal: AbortSignal | undefined): Promise<Release> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.waiting.splice(this.waiting.indexOf(give), 1);
        reject(signal?.reason as Error);
      };
      const give = (release: Release): void => {
        signal?.removeEventListener('abort', abort);
        resolve(release);
      };
      // The images of a chunk, for one, share a signal, so many listeners on it are no leak for Node to warn of.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.push(give);
    });
  }

  private makeRelease(): Release {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.passOn();
    };
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next) next(this.makeRelease());
    else this.free += 1;
  }
}
