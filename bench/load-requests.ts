import { Agent, request } from 'undici';
import type { SeededRandom } from '../demo/seeded-random.js';
import { drawPhotograph, integer, withComment, type PictureSize } from './drawn-photograph.js';
import type { Ask, Outcome } from './load-generator.js';

/** What visitors of a shop ask for. */
export type Kind = 'product' | 'words' | 'photograph';

export const KINDS = ['product', 'words', 'photograph'] as const satisfies readonly Kind[];

/** Longer than anybody waits. */
const PATIENCE_MS = 10_000;

export interface LoadRequestOptions {
  /** How many products the shop has; their ids are 1, 2, 3, ... */
  products: number;
  random: SeededRandom;
  /** Time for an answer, past which the request has failed. */
  patienceMs?: number;
}

const BY_PRODUCT = 'query ($id: ID!) { similarToProduct(id: $id) { nodes { id title price mainImage { url } } } }';
const BY_WORDS = `query ($text: String) {
  searchProducts(input: { text: $text }) { nodes { id title price mainImage { url } } }
}`;
const BY_PHOTOGRAPH =
  'query ($image: Upload) { similarProducts(image: $image) { nodes { id title price mainImage { url } } } }';

const MANNERS = [
  'striped',
  'plain',
  'small',
  'large',
  'dark',
  'bright',
  'soft',
  'old',
  'modern',
  'round',
  'tall',
  'warm',
];
const COLOURS = [
  'red',
  'blue',
  'green',
  'yellow',
  'black',
  'white',
  'brown',
  'grey',
  'orange',
  'violet',
  'pink',
  'beige',
];
const THINGS = ['mug', 'lamp', 'sofa', 'chair', 'sneakers', 'bag', 'shirt', 'table', 'vase', 'clock', 'bowl', 'rug'];

/** As phones send them to shops that scale them down first. */
const PHOTOGRAPH: PictureSize = { width: 1024, height: 768 };

/** Photographs that are drawn. Every one that is sent differs from all others in its bytes. */
const DRAWN = 8;

/** Asks a server for what visitors ask for, each time something else. */
export class LoadRequests {
  private readonly agent = new Agent({ connections: null, keepAliveTimeout: 60_000 });
  private readonly patienceMs: number;
  private sent = 0;

  private constructor(
    private readonly url: string,
    private readonly options: LoadRequestOptions,
    private readonly drawn: readonly Buffer[],
  ) {
    this.patienceMs = options.patienceMs ?? PATIENCE_MS;
  }

  static async make(url: string, options: LoadRequestOptions): Promise<LoadRequests> {
    const drawn = await Promise.all(
      Array.from({ length: DRAWN }, async () => drawPhotograph(options.random, PHOTOGRAPH)),
    );
    return new LoadRequests(url, options, drawn);
  }

  /** Asks for one kind after another, again from the first behind the last. */
  inTurn(kinds: readonly [Kind, ...Kind[]]): Ask {
    let next = 0;
    return async () => this.send(this.next(kinds[next++ % kinds.length] ?? kinds[0]));
  }

  /** A request that differs from all before it. */
  next(kind: Kind): Sendable {
    switch (kind) {
      case 'product':
        return asJson(BY_PRODUCT, { id: String(integer(this.options.random, 1, this.options.products)) });
      case 'words':
        return asJson(BY_WORDS, { text: this.words() });
      case 'photograph':
        return asUpload(this.photograph());
    }
  }

  /** Hangs up. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private words(): string {
    return [MANNERS, COLOURS, THINGS].map((words) => this.options.random.pick(words)).join(' ');
  }

  private photograph(): Buffer {
    this.sent += 1;
    return withComment(this.options.random.pick(this.drawn), `${this.sent} ${performance.now()}`);
  }

  private async send({ headers, body }: Sendable): Promise<Outcome> {
    try {
      const response = await request(`${this.url}graphql`, {
        method: 'POST',
        headers,
        body,
        dispatcher: this.agent,
        headersTimeout: this.patienceMs,
        bodyTimeout: this.patienceMs,
      });
      return outcomeOf(response.statusCode, await response.body.text());
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return { kind: 'failed', why: code };
    }
  }
}

/** What is sent to `/graphql` by POST. */
export interface Sendable {
  headers: Record<string, string>;
  body: string | Buffer;
}

function asJson(query: string, variables: Record<string, unknown>): Sendable {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) };
}

const BOUNDARY = 'the-boundary-of-the-load';

function asUpload(photograph: Buffer): Sendable {
  const part = (name: string, rest: string): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}`;
  const operations = JSON.stringify({ query: BY_PHOTOGRAPH, variables: { image: null } });
  const body = Buffer.concat([
    Buffer.from(part('operations', `\r\n\r\n${operations}\r\n`)),
    Buffer.from(part('map', `\r\n\r\n{"0":["variables.image"]}\r\n`)),
    Buffer.from(part('0', '; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n')),
    photograph,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  return { headers: { 'content-type': type, 'apollo-require-preflight': 'true' }, body };
}

interface Body {
  errors?: { message: string; extensions?: { code?: string; retryAfterMs?: number } }[];
}

/** A refusal is one that says when to come again. */
function outcomeOf(status: number, text: string): Outcome {
  const [error] = bodyOf(text)?.errors ?? [];
  if (error === undefined) return status === 200 ? { kind: 'served' } : { kind: 'failed', why: `status ${status}` };
  const { code = 'no code', retryAfterMs } = error.extensions ?? {};
  if (['SERVICE_UNAVAILABLE', 'RATE_LIMITED'].includes(code) && typeof retryAfterMs === 'number') {
    return { kind: 'refused', code, retryAfterMs };
  }
  return { kind: 'failed', why: `${code}: ${error.message}` };
}

function bodyOf(text: string): Body | null {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return null;
  }
}
