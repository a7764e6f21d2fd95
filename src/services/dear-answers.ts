/** Finding an answer takes at most this share of the time, however long it takes. */
const LARGEST_SHARE = 1 / 20;

/** However quick it is, an answer is good for this long, and however long it takes, for no longer than that. */
const YOUNGEST_MS = 500;
const OLDEST_MS = 60_000;

interface Finding<Answer> {
  answer: Promise<Answer>;
  startedMs: number;
  freshUntilMs: number;
}

/** Answers that are dear to find, one a key: each is remembered for as long as finding it was dear, and shared meanwhile. */
export class DearAnswers<Answer> {
  private readonly last = new Map<string, Finding<Answer>>();

  constructor(
    private readonly find: (key: string) => Promise<Answer>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** @param since - an answer whose finding began before this time (of `performance.now()`) is not good enough. */
  current(key: string, since = 0): Promise<Answer> {
    const known = this.last.get(key);
    if (known !== undefined && known.startedMs >= since && this.nowMs() < known.freshUntilMs) return known.answer;
    return this.findAgain(key);
  }

  private findAgain(key: string): Promise<Answer> {
    const startedMs = this.nowMs();
    const answer = this.find(key);
    // Until it is done, whoever asks meanwhile shares it.
    const entry = { answer, startedMs, freshUntilMs: Number.POSITIVE_INFINITY };
    this.last.set(key, entry);
    answer.then(
      () => {
        const tookMs = this.nowMs() - startedMs;
        entry.freshUntilMs = this.nowMs() + Math.min(Math.max(YOUNGEST_MS, tookMs / LARGEST_SHARE), OLDEST_MS);
      },
      () => {
        if (this.last.get(key) === entry) this.last.delete(key);
      },
    );
    return answer;
  }
}
