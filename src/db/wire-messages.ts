/** The length field of a Postgres message counts itself. */
const LENGTH_BYTES = 4;
const MAX_MESSAGE_BYTES = 1024 ** 3;

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

const QUERY = 'Q'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);
const FUNCTION_CALL = 'F'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);

/** Tells the server to end a pipeline and, after an error, to listen again. */
export const syncMessage: Uint8Array = new Uint8Array([SYNC, 0, 0, 0, LENGTH_BYTES]);

export const rollbackMessage: Uint8Array = queryMessage('rollback');

/**
 * A message of Postgres's protocol 3, as a server sees it:
 *
 * - *encryption*  the client asks whether TLS or GSSAPI is to be had.
 * - *cancel*      the client wants a statement of another connection cancelled.
 * - *terminate*   the client leaves.
 * - *last*        the server answers it with ReadyForQuery: start-up, a simple query, Sync.
 * - *more*        part of a pipeline that a *last* message will end: Parse, Bind, Describe, Execute, ...
 */
export interface WireMessage {
  kind: 'encryption' | 'cancel' | 'terminate' | 'last' | 'more';
  bytes: Uint8Array;
}

/** Cuts the bytes of one connection into messages, however they were cut on the way. */
export class WireMessageReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #isStarted = false;

  /**
   * Adds what arrived and returns the messages that are complete now.
   *
   * @throws RangeError for a length that no message can have: the bytes are not of this protocol.
   */
  push(chunk: Buffer): WireMessage[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: WireMessage[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) messages.push(next);
    return messages;
  }

  #next(): WireMessage | null {
    const headerBytes = this.#isStarted ? 1 + LENGTH_BYTES : 2 * LENGTH_BYTES;
    if (this.#length < headerBytes) return null;
    const header = this.#front(headerBytes);
    const messageBytes = this.#isStarted ? 1 + header.readInt32BE(1) : header.readInt32BE(0);
    if (messageBytes < headerBytes || messageBytes > MAX_MESSAGE_BYTES) {
      throw new RangeError(`A message can't have ${messageBytes} bytes.`);
    }
    if (this.#length < messageBytes) return null;
    const bytes = this.#take(messageBytes);
    return { kind: this.#isStarted ? kindOf(header.readUInt8(0)) : this.#startKind(header.readInt32BE(4)), bytes };
  }

  #startKind(code: number): WireMessage['kind'] {
    if (code === SSL_REQUEST || code === GSS_REQUEST) return 'encryption';
    if (code === CANCEL_REQUEST) return 'cancel';
    this.#isStarted = true;
    return 'last';
  }

  /** The first bytes. A large message is joined once, when it is complete, and not at every chunk. */
  #front(bytes: number): Buffer {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= bytes) return first;
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #take(bytes: number): Uint8Array {
    const front = this.#front(bytes);
    const rest = front.subarray(bytes);
    this.#chunks = rest.length > 0 ? [rest, ...this.#chunks.slice(1)] : this.#chunks.slice(1);
    this.#length -= bytes;
    return new Uint8Array(front.subarray(0, bytes));
  }
}

function kindOf(type: number): WireMessage['kind'] {
  if (type === TERMINATE) return 'terminate';
  return type === QUERY || type === SYNC || type === FUNCTION_CALL ? 'last' : 'more';
}

function queryMessage(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`);
  const message = Buffer.alloc(1 + LENGTH_BYTES + text.length);
  message.writeUInt8(QUERY, 0);
  message.writeInt32BE(LENGTH_BYTES + text.length, 1);
  text.copy(message, 1 + LENGTH_BYTES);
  return new Uint8Array(message);
}
