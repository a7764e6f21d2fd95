import WebSocket from 'ws';
import type { SeededRandom } from '../../demo/seeded-random.js';
import { testPhotograph } from './test-photographs.js';

const BY_PRODUCT = 'query ($id: ID!) { similarToProduct(id: $id) { status nodes { id } } }';
const BY_WORDS = 'query ($text: String) { searchProducts(input: { text: $text }) { status nodes { id } } }';
const CREATE = `mutation ($file: Upload) {
  createQueryImage(input: { upload: $file }) { queryImage { id } userErrors { code message } }
}`;
const SUBSCRIBE = 'subscription { embeddingStatus { sequence } }';

/** What became of all that clients have sent. */
export interface ClientRecord {
  /** Whole answers without an error. */
  answered: number;
  /** Query images that were made, as their clients were told. */
  made: number;
  /** Requests that met a closed port or connection: not one byte of an answer came. */
  refused: number;
  /** Anything else: broken answers, errors, refusals before the server was to stop. */
  failures: string[];
  /** How each socket was closed. */
  closeCodes: number[];
  /** Events that came over sockets. */
  events: number;
}

const LANES = ['product', 'words', 'upload', 'upload'] as const;

type Lane = (typeof LANES)[number];

/**
 * Clients of a server that is to stop: each sends its next request when the last is answered, until it finds the port closed; one
 * more has a subscription.
 */
export class StopClients {
  readonly record: ClientRecord = { answered: 0, made: 0, refused: 0, failures: [], closeCodes: [], events: 0 };
  private isStopping = false;
  private readonly working: Promise<unknown>;

  /** @param products - how many products the shop has; their ids are 1, 2, 3, ... */
  constructor(
    private readonly url: string,
    private readonly random: SeededRandom,
    private readonly products: number,
  ) {
    this.working = Promise.all([...LANES.map((lane) => this.send(lane)), this.subscribe()]);
  }

  /** From now on a closed port is no failure. To be called just before the signal is sent. */
  expectStop(): void {
    this.isStopping = true;
  }

  /** Resolves when every client has found the port closed. */
  async ended(): Promise<ClientRecord> {
    await this.working;
    return this.record;
  }

  private async send(lane: Lane): Promise<void> {
    for (let goesOn = true; goesOn;) goesOn = await this.sendOne(lane);
  }

  /** @returns Whether there is anybody to send more to. */
  private async sendOne(lane: Lane): Promise<boolean> {
    let response: Response;
    const init = await this.requestOf(lane);
    try {
      response = await fetch(`${this.url}graphql`, init);
    } catch (error) {
      if (this.isStopping) this.record.refused += 1;
      else this.record.failures.push(`${lane}: ${reasonOf(error)} before the signal`);
      return false;
    }
    await response.text().then(
      (text) => this.noteAnswer(lane, text),
      (error: unknown) => this.record.failures.push(`${lane}: broken off with ${reasonOf(error)}`),
    );
    return true;
  }

  private noteAnswer(lane: Lane, text: string): void {
    if (text.includes('"errors"') || text.includes('"code"')) {
      this.record.failures.push(`${lane}: ${text}`);
      return;
    }
    this.record.answered += 1;
    if (lane === 'upload') this.record.made += 1;
  }

  private async requestOf(lane: Lane): Promise<RequestInit> {
    switch (lane) {
      case 'product':
        return asJson(BY_PRODUCT, { id: String(this.number(this.products)) });
      case 'words':
        return asJson(BY_WORDS, { text: `a block of the colour ${this.number(1000)}` });
      case 'upload':
        return queryImageUpload(await testPhotograph(this.number(100_000)));
    }
  }

  private number(highest: number): number {
    return 1 + Math.floor(this.random.next() * highest);
  }

  private subscribe(): Promise<void> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${this.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
      socket.on('open', () => {
        socket.send('{"type":"connection_init"}');
      });
      socket.on('message', (data: Buffer) => {
        const { type } = JSON.parse(data.toString()) as { type: string };
        if (type === 'connection_ack') {
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIBE } }));
        }
        if (type === 'next') this.record.events += 1;
        if (type === 'error') this.record.failures.push(`socket: ${data.toString()}`);
      });
      socket.on('error', (error) => this.record.failures.push(`socket: ${error.message}`));
      socket.on('close', (code) => {
        this.record.closeCodes.push(code);
        resolve();
      });
    });
  }
}

function asJson(query: string, variables: Record<string, unknown>): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  };
}

/** A request that makes a query image. */
export function queryImageUpload(file: Buffer): RequestInit {
  const body = new FormData();
  body.set('operations', JSON.stringify({ query: CREATE, variables: { file: null } }));
  body.set('map', '{"0":["variables.file"]}');
  body.set('0', new Blob([new Uint8Array(file)]), 'photo.jpg');
  return { method: 'POST', headers: { 'apollo-require-preflight': 'true' }, body };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
