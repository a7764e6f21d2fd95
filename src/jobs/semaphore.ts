/** Gives back the place that was taken. Further calls do nothing. */
export type Release = () => void;

/** A number of places. Whoever wants one while all are taken waits, first come first served. */
export class Semaphore {
  private free: number;
  private readonly waiting: ((release: Release) => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  /** True while nobody holds a place. */
  isIdle(places: number): boolean {
    return this.free === places;
  }

  acquire(): Promise<Release> {
    if (this.free === 0) return new Promise((resolve) => this.waiting.push(resolve));
    this.free -= 1;
    return Promise.resolve(this.makeRelease());
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

/** A semaphore for each key, made when first asked for and dropped when nobody holds a place. */
export class KeyedSemaphore {
  private readonly byKey = new Map<string, Semaphore>();

  constructor(private readonly placesPerKey: number) {}

  async acquire(key: string): Promise<Release> {
    const semaphore = this.byKey.get(key) ?? new Semaphore(this.placesPerKey);
    this.byKey.set(key, semaphore);
    const release = await semaphore.acquire();
    return () => {
      release();
      if (semaphore.isIdle(this.placesPerKey)) this.byKey.delete(key);
    };
  }
}
