import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError, BadUserInputError } from '../../errors.js';

const WINDOW_SECONDS = 60;

/** Clients that are remembered: those who came last. More take their places, so that strangers can't fill the memory. */
const MAX_CLIENTS = 50_000;

export interface ClientRateOptions {
  /** What is counted, as in "has had its 60 photographs". */
  things: string;
  perMinute: number;
  maxClients?: number;
}

/** How much of one thing each client has had in the minute that began with its first. In memory, and so of one process. */
export class ClientRate {
  private readonly limiter: RateLimiterMemory;
  private readonly remembered: LRUCache<string, true>;

  constructor(private readonly options: ClientRateOptions) {
    const limiter = new RateLimiterMemory({ points: options.perMinute, duration: WINDOW_SECONDS });
    this.limiter = limiter;
    this.remembered = new LRUCache({
      max: options.maxClients ?? MAX_CLIENTS,
      dispose: (_value, client) => void limiter.delete(client),
    });
  }

  /**
   * Counts what a client asks for, and nothing of it where it is too much.
   *
   * @throws AppError RATE_LIMITED with `retryAfterMs`; BAD_USER_INPUT for more than there is in any minute.
   */
  async charge(client: string, count: number): Promise<void> {
    if (count === 0) return;
    const { perMinute, things } = this.options;
    if (count > perMinute) throw tooManyAtOnce(count, this.options);
    this.remembered.set(client, true);
    try {
      await this.limiter.consume(client, count);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      await this.limiter.reward(client, count);
      throw rateLimited(refusal.msBeforeNext, `the ${perMinute} ${things} that one client may have in a minute`);
    }
  }

  /**
   * Looks whether a client may have anything more, and counts nothing.
   *
   * @throws AppError as above.
   */
  async check(client: string): Promise<void> {
    const { perMinute, things } = this.options;
    const had = await this.limiter.get(client);
    if (had === null || had.consumedPoints < perMinute || had.msBeforeNext <= 0) return;
    throw rateLimited(had.msBeforeNext, `the ${perMinute} ${things} that one client may have in a minute`);
  }
}

function rateLimited(msBeforeNext: number, share: string): AppError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  const message = `This would be more than ${share}: try again in ${seconds} s.`;
  return new AppError('RATE_LIMITED', message, { logLevel: 'debug', details: { retryAfterMs: seconds * 1000 } });
}

function tooManyAtOnce(count: number, { perMinute, things }: ClientRateOptions): AppError {
  const message = `The operation asks for ${count} ${things}, and one client may have ${perMinute} in a minute: ask for fewer.`;
  return new BadUserInputError('operation', message);
}
