import type { Socket } from 'node:net';
import { WireMessageReader, type WireMessage } from '../../src/db/wire-messages.js';

/** A statement that a client sent: the text of a simple query, or of the Parse of a prepared one. */
export interface ProxiedStatement {
  sql: string;
  /** Its place among all statements of the proxy, from 0. */
  index: number;
  /** Its parameters, as text; what was sent in binary is null too. */
  values: readonly (string | null)[];
  /** Which of the proxy's connections it came by. */
  connection: number;
}

/**
 * - *pass*      it goes on as if nobody had looked.
 * - *drop*      the connection is reset, at the client and at the server.
 * - *failWith*  the server never sees the statement, and the client is told that it failed, with this SQLSTATE. An open
 *               transaction has failed by it, at the server too; a commit that fails has rolled back.
 */
export type Verdict = 'pass' | 'drop' | { failWith: string };

/** Undefined means `pass`. A promise holds the statement, or its answer, until it resolves. */
export type Judge<V> = (statement: ProxiedStatement) => V | undefined | Promise<V | undefined>;

/** What holds for every connection of a proxy. */
export interface ConnectionRules {
  /** The SQL of every statement so far. */
  readonly statements: string[];
  judgeStatement: Judge<Verdict>;
  judgeAnswer: Judge<'pass' | 'drop'>;
  /** Resolves when bytes may flow. */
  networkUp: Promise<void>;
}

/** A client's connection to the proxy together with the proxy's to the server. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #rules: ConnectionRules;
  readonly #number: number;
  readonly #fromClient = new Sequence();
  readonly #toClient = new Sequence();
  /** Resolves when the client has hung up. */
  readonly #left: Promise<'left'>;
  /** What the client has sent of a pipeline that is not complete. */
  #pipeline: WireMessage[] = [];
  #incoming: Incoming | null = null;
  /** Of the transaction, as the server said last: I (none), T (open) or E (failed). Null during the start-up. */
  #status: string | null = null;

  /**
   * @param sockets.client - may be half open, or the system would close it in a black hole.
   * @param number - tells it apart from the others of the proxy.
   */
  constructor({ client, server }: { client: Socket; server: Socket }, rules: ConnectionRules, number: number) {
    this.#client = client;
    this.#server = server;
    this.#rules = rules;
    this.#number = number;
    const [requests, answers] = [new WireMessageReader(), new AnswerReader()];
    client.on('data', (chunk: Buffer) => {
      for (const message of requests.push(chunk)) this.#fromClient.add(() => this.#hear(message));
    });
    server.on('data', (chunk: Buffer) => {
      for (const message of answers.push(chunk)) this.#takeAnswer(message);
    });
    server.on('error', () => undefined);
    server.once('close', (hadError) => this.#serverLeft(hadError));
    this.#left = new Promise((resolve) => {
      for (const event of ['end', 'close']) client.once(event, () => resolve('left'));
    });
    void this.#left.then(() => this.#clientLeft());
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  async #hear(message: WireMessage): Promise<void> {
    if (message.kind === 'encryption') this.#tellClient(Buffer.from('N'));
    else if (this.#status === null || message.kind === 'terminate') await this.#tellServer([message]);
    else this.#pipeline.push(message);
    if (this.#pipeline.at(-1)?.kind === 'last') await this.#exchange(this.#pipeline.splice(0));
  }

  async #exchange(pipeline: WireMessage[]): Promise<void> {
    const values = pipeline.flatMap(valuesOf);
    const statements = pipeline.flatMap(sqlOf).map((sql) => {
      return { sql, index: this.#rules.statements.push(sql) - 1, values, connection: this.#number };
    });
    for (const statement of statements) {
      const verdict = await this.#unlessLeft(this.#rules.judgeStatement(statement));
      if (verdict !== 'pass') return this.#refuse(statement, verdict);
    }
    const answer = await this.#ask(pipeline);
    if (answer === null) return;
    for (const statement of statements) {
      if ((await this.#unlessLeft(this.#rules.judgeAnswer(statement))) === 'drop') this.reset();
    }
    this.#tellClient(answer);
  }

  /** A judge that does not wait is obeyed also where the client is gone by now, for its last bytes are under way. */
  async #unlessLeft<V>(given: V | undefined | Promise<V | undefined>): Promise<V | 'pass' | 'left'> {
    const verdict = given instanceof Promise ? await Promise.race([given, this.#left]) : given;
    return verdict ?? 'pass';
  }

  async #refuse({ sql }: ProxiedStatement, verdict: Exclude<Verdict, 'pass'> | 'left'): Promise<void> {
    if (verdict === 'left') return;
    if (verdict === 'drop') this.reset();
    else await this.#fail(sql, verdict.failWith);
  }

  async #fail(sql: string, sqlState: string): Promise<void> {
    const instead = statementInsteadOf(sql, this.#status);
    if (instead !== null) await this.#ask([{ kind: 'last', bytes: message('Q', `${instead}\0`) }]);
    const error = message('E', `SERROR\0VERROR\0C${sqlState}\0MThe proxy was told to let this fail.\0\0`);
    this.#tellClient(Buffer.concat([error, message('Z', this.#status ?? '')]));
  }

  /** The complete answer; null where the client or the server has hung up before. */
  async #ask(pipeline: WireMessage[]): Promise<Buffer | null> {
    const answer = new Promise<Buffer | null>((complete) => (this.#incoming = { parts: [], complete }));
    await this.#tellServer(pipeline);
    return Promise.race([answer, this.#left.then(() => null)]);
  }

  #takeAnswer(answer: Buffer): void {
    const isLast = answer.toString('latin1', 0, 1) === 'Z';
    if (isLast) this.#status = answer.toString('latin1', 5);
    if (this.#incoming === null) this.#tellClient(answer);
    else this.#incoming.parts.push(answer);
    if (!isLast || this.#incoming === null) return;
    this.#incoming.complete(Buffer.concat(this.#incoming.parts));
    this.#incoming = null;
  }

  async #tellServer(messages: WireMessage[]): Promise<void> {
    await this.#rules.networkUp;
    for (const { bytes } of messages) this.#server.write(bytes);
  }

  #tellClient(bytes: Buffer): void {
    this.#toClient.add(async () => {
      await this.#rules.networkUp;
      this.#client.write(bytes);
    });
  }

  #clientLeft(): void {
    this.#fromClient.add(async () => {
      await this.#rules.networkUp;
      this.#server.end();
    });
  }

  /** What it said last is passed on: one that is told to stop says so before it hangs up. */
  #serverLeft(hadError: boolean): void {
    if (this.#incoming !== null) this.#tellClient(Buffer.concat(this.#incoming.parts));
    this.#incoming?.complete(null);
    this.#toClient.add(async () => {
      await this.#rules.networkUp;
      if (hadError) this.#client.resetAndDestroy();
      else this.#client.end();
    });
  }
}

/** An answer that is coming in. */
interface Incoming {
  parts: Buffer[];
  complete(answer: Buffer | null): void;
}

/** Does one thing after another. */
class Sequence {
  #last: Promise<void> = Promise.resolve();

  add(step: () => Promise<void>): void {
    this.#last = this.#last.then(step);
  }
}

/** Cuts what a server sends into messages: a letter, a length that counts itself, and the rest. */
class AnswerReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    while (this.#rest.length >= 5 && this.#rest.length > this.#rest.readInt32BE(1)) {
      const bytes = 1 + this.#rest.readInt32BE(1);
      messages.push(this.#rest.subarray(0, bytes));
      this.#rest = this.#rest.subarray(bytes);
    }
    return messages;
  }
}

function message(type: string, body: string): Buffer {
  const head = Buffer.from(`${type}....`);
  head.writeInt32BE(4 + Buffer.byteLength(body), 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

function sqlOf({ bytes }: WireMessage): string[] {
  const type = String.fromCharCode(bytes[0] ?? 0);
  if (type !== 'Q' && type !== 'P') return [];
  const [first = '', second = ''] = Buffer.from(bytes.subarray(5)).toString().split('\0', 2);
  return [type === 'Q' ? first : second];
}

/** The parameters of a Bind: two names, the formats, and each value after its length, which is -1 for null. */
function valuesOf({ bytes }: WireMessage): (string | null)[] {
  if (String.fromCharCode(bytes[0] ?? 0) !== 'B') return [];
  const body = Buffer.from(bytes.subarray(5));
  const formatsAt = body.indexOf(0, body.indexOf(0) + 1) + 1;
  const formatCount = body.readInt16BE(formatsAt);
  const isBinary = (index: number): boolean => {
    const format = formatCount === 1 ? 0 : index;
    return format < formatCount && body.readInt16BE(formatsAt + 2 + 2 * format) === 1;
  };
  let at = formatsAt + 2 + 2 * formatCount;
  const count = body.readInt16BE(at);
  at += 2;
  return Array.from({ length: count }, (_, index) => {
    const length = body.readInt32BE(at);
    const begin = at + 4;
    at = begin + Math.max(0, length);
    return length < 0 || isBinary(index) ? null : body.toString('utf8', begin, at);
  });
}

/** Brings the server's transaction where a failure of `sql` would have brought it; null where it is there. */
function statementInsteadOf(sql: string, status: string | null): string | null {
  if (status === 'I') return null;
  if (/^\s*(commit|end)\b/i.test(sql)) return 'rollback';
  return status === 'T' ? 'select 1/0' : null;
}
