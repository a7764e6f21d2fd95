export interface MessageRate {
  /** How many at once. */
  atOnce: number;
  /** How many a second after that. */
  perSecond: number;
}

/** The messages that one client may still send. */
export class MessageAllowance {
  private left: number;
  private countedAtMs: number;

  constructor(
    private readonly rate: MessageRate,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.left = rate.atOnce;
    this.countedAtMs = nowMs();
  }

  /** Counts one; false where it is one too many. */
  take(): boolean {
    const nowMs = this.nowMs();
    const gained = ((nowMs - this.countedAtMs) / 1000) * this.rate.perSecond;
    this.left = Math.min(this.rate.atOnce, this.left + gained);
    this.countedAtMs = nowMs;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
