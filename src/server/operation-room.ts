import type { RequestHandler } from 'express';
import { ServiceUnavailableError } from '../errors.js';

/** Weight of the last operation in the average that `retryAfterMs` is estimated from. */
const RECENT = 0.05;

const [SOONEST_MS, LATEST_MS] = [100, 10_000];

/**
 * Room for so many operations at the same time. Those past it are refused at once: to wait would help nobody, for clients give up
 * before their turn comes, and what was done for them by then is lost to the others.
 */
export class OperationRoom {
  private running = 0;
  /** How long operations take; 0 before the first has ended. */
  private tookMs = 0;

  /** @param now - milliseconds, from any start. */
  constructor(
    private readonly maxOperations: number,
    private readonly now: () => number = performance.now.bind(performance),
  ) {}

  /**
   * Lets a request in until its answer is sent, or its client has left. To stand behind what receives the body: one that takes
   * its time to come is no operation yet.
   *
   * @throws ServiceUnavailableError with `retryAfterMs` where there is no room.
   */
  readonly enter: RequestHandler = (_request, response, next) => {
    // Whoever has left already will not do so again.
    if (response.closed) return;
    const refusal = this.refusal();
    if (refusal !== null) throw refusal;
    this.running += 1;
    const enteredAtMs = this.now();
    response.once('close', () => {
      this.running -= 1;
      this.note(this.now() - enteredAtMs);
    });
    next();
  };

  /** What whoever comes now is refused with; null while there is room. */
  refusal(): ServiceUnavailableError | null {
    if (this.running < this.maxOperations) return null;
    // Those that are in the room have all left it by the time that one of them takes.
    const retryAfterMs = Math.ceil(Math.min(Math.max(this.tookMs, SOONEST_MS), LATEST_MS));
    const message = `The server has no room for more than ${this.maxOperations} operations at a time: try again in ${retryAfterMs} ms.`;
    // A line for each would be a load of its own. The metrics count them by their code.
    return new ServiceUnavailableError(message, { logLevel: 'debug', details: { retryAfterMs } });
  }

  private note(ms: number): void {
    this.tookMs = this.tookMs === 0 ? ms : this.tookMs * (1 - RECENT) + ms * RECENT;
  }
}
