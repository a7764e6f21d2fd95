import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { ServiceUnavailableError } from '../../errors.js';
import { clientKey } from '../rates/client-key.js';

export interface UploadRoomOptions {
  /** Bytes that the bodies of all requests may take in memory at the same time. */
  totalBytes: number;
  /** Of these, what one client may take. */
  clientBytes: number;
  /** The most that is kept of one request, also of one that is far longer. */
  requestBytes: number;
}

/** A request, as far as it is looked at before its body is. */
export interface ComingRequest {
  headers: IncomingHttpHeaders;
  clientAddress: string;
}

/** A body without a photograph in it is smaller; such ones are let in at all times. */
const LARGE_BYTES = 256 * 1024;

/** Whether the body of a request is, or may be, a large one: without a length it is anybody's guess. */
export function isLarge(headers: IncomingHttpHeaders): boolean {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > LARGE_BYTES;
}

/** A photograph has come, been decoded and been searched with by then. */
const RETRY_MS = 1000;

/**
 * Room in memory for the bodies of requests that bring photographs. What a request says it brings is taken before a byte of it is read,
 * so that a request is either received whole or refused at once; and as bodies may come slowly, one client can't take it all.
 */
export class UploadRoom {
  private taken = 0;
  private readonly takenBy = new Map<string, number>();

  constructor(private readonly options: UploadRoomOptions) {}

  /**
   * Takes the room that a request needs, until its answer is sent or its client has left.
   *
   * @throws ServiceUnavailableError with `retryAfterMs` where there is not so much left.
   */
  enter({ headers, clientAddress }: ComingRequest, response: Pick<ServerResponse, 'once' | 'closed'>): void {
    const bytes = this.needOf(headers);
    // Whoever has left already will not do so again.
    if (bytes === 0 || response.closed) return;
    const { totalBytes, clientBytes } = this.options;
    const client = clientKey(clientAddress);
    const own = this.takenBy.get(client) ?? 0;
    if (own + bytes > clientBytes) throw isFull('Other photographs of yours are');
    if (this.taken + bytes > totalBytes) throw isFull('Too many photographs are');
    this.take(client, bytes);
    response.once('close', () => {
      this.take(client, -bytes);
    });
  }

  private needOf(headers: IncomingHttpHeaders): number {
    if (!isLarge(headers)) return 0;
    const { requestBytes } = this.options;
    // Without a length it may be as long as any.
    return 'transfer-encoding' in headers ? requestBytes : Math.min(Number(headers['content-length']), requestBytes);
  }

  private take(client: string, bytes: number): void {
    this.taken += bytes;
    const own = (this.takenBy.get(client) ?? 0) + bytes;
    if (own === 0) this.takenBy.delete(client);
    else this.takenBy.set(client, own);
  }
}

function isFull(what: string): ServiceUnavailableError {
  const message = `${what} being received already, and there is no room for this one: try again in ${RETRY_MS} ms.`;
  // A line for each would be a load of its own. The metrics count them by their code.
  return new ServiceUnavailableError(message, { logLevel: 'debug', details: { retryAfterMs: RETRY_MS } });
}
