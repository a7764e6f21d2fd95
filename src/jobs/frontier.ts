/** One image of a chunk on its way. */
export interface FrontierEntry {
  readonly key: string;
  /** Whether it is to be counted as skipped once the frontier has passed it. May become so until it is settled. */
  isSkipped: boolean;
  isSettled: boolean;
}

/**
 * How far a chunk is done without a gap. Images settle in any order; the frontier is the last key of those from the
 * beginning on that all have, so work can go on behind it after any interruption.
 */
export class Frontier {
  private readonly ahead: FrontierEntry[] = [];
  private passedKey: string | null = null;
  private skipped = 0;
  private passed = 0;

  /** Keys come in order. */
  add(key: string, isSkipped: boolean): FrontierEntry {
    const entry = { key, isSkipped, isSettled: false };
    this.ahead.push(entry);
    return entry;
  }

  settle(entry: FrontierEntry): void {
    entry.isSettled = true;
    let count = 0;
    for (const { key, isSkipped, isSettled } of this.ahead) {
      if (!isSettled) break;
      count += 1;
      this.passedKey = key;
      this.skipped += isSkipped ? 1 : 0;
    }
    this.ahead.splice(0, count);
    this.passed += count;
  }

  /** Images passed since the last `take`. */
  get passedCount(): number {
    return this.passed;
  }

  /** What to store: the last key passed, and how many skipped images were passed since the last `take`. */
  take(): { checkpoint: string | null; skipped: number } {
    const taken = { checkpoint: this.passedKey, skipped: this.skipped };
    this.skipped = 0;
    this.passed = 0;
    return taken;
  }
}
