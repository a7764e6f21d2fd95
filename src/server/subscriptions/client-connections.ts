import type { IncomingMessage } from 'node:http';
import { AppError } from '../../errors.js';
import type { ClientAddress } from '../access/client-address.js';
import { clientKey } from '../rates/client-key.js';

/** Enough for an office behind one address; an idle one takes some 20 KB. */
const MAX_PER_CLIENT = 1000;

/** When a client that has its share may look again whether there is room. */
const RETRY_AFTER_MS = 5000;

/** Counts the WebSockets and event streams that each client has open. What it remembers is what is open. */
export class ClientConnections {
  private readonly open = new Map<string, number>();

  constructor(
    private readonly addressOf: ClientAddress,
    private readonly maxPerClient = MAX_PER_CLIENT,
  ) {}

  /**
   * Counts one more.
   *
   * @returns what is to be called once it is closed; null where the client has its share.
   */
  take(request: IncomingMessage): (() => void) | null {
    const client = clientKey(this.addressOf(request));
    const count = this.open.get(client) ?? 0;
    if (count >= this.maxPerClient) return null;
    this.open.set(client, count + 1);
    return () => {
      const left = (this.open.get(client) ?? 1) - 1;
      if (left === 0) this.open.delete(client);
      else this.open.set(client, left);
    };
  }

  /** What a client is told that has its share. */
  refusal(): AppError {
    const message = `One client may have ${this.maxPerClient} WebSockets and event streams open: close some of them.`;
    return new AppError('RATE_LIMITED', message, { logLevel: 'debug', details: { retryAfterMs: RETRY_AFTER_MS } });
  }
}
