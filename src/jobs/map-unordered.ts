import { Semaphore, type Release } from '../semaphore.js';

/**
 * Works on many items at a time and hands the results on as they come, whichever is ready first.
 *
 * At most `limit` items are under way or waiting to be taken, so a slow taker slows the work down. Whoever stops early must
 * also tell the work itself to stop: the generator ends only when everything it started has settled, so that nothing goes
 * on unseen.
 *
 * @param work - may not throw; a rejection is thrown in place of its result.
 */
export async function* mapUnordered<Item, Result>(
  items: AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const flight = new Flight<Result>(limit);
  const feeding = feed(items, flight, work);
  try {
    for (let next = await flight.take(); next !== null; next = await flight.take()) yield next.result;
  } finally {
    flight.stop();
    await feeding;
    await flight.settled();
  }
}

async function feed<Item, Result>(
  items: AsyncIterable<Item>,
  flight: Flight<Result>,
  work: (item: Item) => Promise<Result>,
): Promise<void> {
  try {
    for await (const item of items) {
      const hasPlace = await flight.enter();
      if (!hasPlace) return;
      flight.add(work(item));
    }
    flight.end();
  } catch (error) {
    flight.fail(error);
  }
}

/** What is under way and what is ready, between one who starts work and one who takes results. */
class Flight<Result> {
  private readonly places: Semaphore;
  private readonly entered: Release[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly ready: { result: Result }[] = [];
  private isFed = false;
  private isStopped = false;
  private failure: { error: unknown } | null = null;
  private wake: () => void = () => undefined;

  constructor(limit: number) {
    this.places = new Semaphore(limit);
  }

  /** Waits for a place; false where nothing more is wanted. */
  async enter(): Promise<boolean> {
    const release = await this.places.acquire();
    this.entered.push(release);
    if (this.isStopped) release();
    return !this.isStopped;
  }

  add(work: Promise<Result>): void {
    const running = work.then(
      (result) => {
        this.ready.push({ result });
      },
      (error: unknown) => {
        this.fail(error);
      },
    );
    const settling = running.then(() => {
      this.running.delete(settling);
      this.wake();
    });
    this.running.add(settling);
  }

  end(): void {
    this.isFed = true;
    this.wake();
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }

  /** The next result; null where there is none to come. */
  async take(): Promise<{ result: Result } | null> {
    for (;;) {
      if (this.failure !== null) throw this.failure.error;
      const next = this.ready.shift();
      if (next !== undefined) {
        this.entered.shift()?.();
        return next;
      }
      if (this.isFed && this.running.size === 0) return null;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  stop(): void {
    this.isStopped = true;
    for (const release of this.entered.splice(0)) release();
  }

  async settled(): Promise<void> {
    await Promise.all(this.running);
  }
}
