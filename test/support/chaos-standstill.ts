import type { ChaosShop } from './chaos-shop.js';

/** Lets leases run out where nothing has moved for a while: then it is those of nobody that are waited for. */
export class Standstill {
  #before = { standing: '', sinceMs: 0 };

  /** @param afterMs - far more than a worker needs from one step to the next. Where it needs more, it loses its jobs. */
  constructor(
    private readonly shop: ChaosShop,
    private readonly afterMs: number,
  ) {}

  /** To be called again and again. */
  async look(): Promise<void> {
    const standing = await this.shop.standing();
    if (standing !== this.#before.standing) this.#before = { standing, sinceMs: performance.now() };
    if (performance.now() - this.#before.sinceMs > this.afterMs) await this.shop.expireAllLeases();
  }
}
