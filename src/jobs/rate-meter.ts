/** Over how long the rate is taken: long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 30_000;

/** How many images a second were done lately. */
export class RateMeter {
  private readonly samples: { atMs: number; count: number }[] = [];
  private readonly startedMs: number;

  /** @param nowMs - a clock that never goes back. */
  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.startedMs = nowMs();
  }

  add(count: number): void {
    this.samples.push({ atMs: this.nowMs(), count });
  }

  /** Images a second over the last 30 s, or since the start where that is less; null before the first sample. */
  perSecond(): number | null {
    const now = this.nowMs();
    const from = now - WINDOW_MS;
    while (this.samples[0] !== undefined && this.samples[0].atMs < from) this.samples.shift();
    if (this.samples.length === 0) return null;
    const done = this.samples.reduce((sum, sample) => sum + sample.count, 0);
    const seconds = (now - Math.max(from, this.startedMs)) / 1000;
    return seconds > 0 ? done / seconds : null;
  }
}
