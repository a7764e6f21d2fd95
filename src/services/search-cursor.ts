import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Queryable } from '../db/database.js';
import { AppError } from '../errors.js';
import type { MatchKey } from './vector/search-sql.js';

const MAC_BYTES = 16;
const DISTANCE_BYTES = 8;

/**
 * Makes and reads the cursors of searches: a place in a ranking, signed together with everything that the ranking follows
 * from. Any process reads what another one made, as the secret is in the vector database.
 */
export class SearchCursors {
  private secret: Promise<Buffer> | null = null;

  constructor(private readonly database: Queryable) {}

  /** @param binding - what the ranking follows from: the query, the filter, the model. */
  async signerFor(binding: readonly unknown[]): Promise<CursorSigner> {
    this.secret ??= this.readSecret();
    const secret = await this.secret.catch((error: unknown) => {
      this.secret = null;
      throw error;
    });
    return new CursorSigner(secret, JSON.stringify(binding));
  }

  private async readSecret(): Promise<Buffer> {
    const [row] = await this.database.query<{ secret: Buffer }>(`select secret from cursor_secret`);
    if (row === undefined) throw new Error('The table cursor_secret is empty.');
    return row.secret;
  }
}

/** The cursors of one ranking. */
export class CursorSigner {
  constructor(
    private readonly secret: Buffer,
    private readonly binding: string,
  ) {}

  /** @returns base64url of a signature, the distance as a 64-bit float, and the image's id. */
  encode({ distance, imageId }: MatchKey): string {
    const key = Buffer.alloc(DISTANCE_BYTES);
    key.writeDoubleBE(distance);
    const place = Buffer.concat([key, Buffer.from(imageId)]);
    return Buffer.concat([this.sign(place), place]).toString('base64url');
  }

  /** @throws AppError INVALID_CURSOR for anything that {@link encode} did not make for this very ranking. */
  decode(cursor: string): MatchKey {
    const bytes = Buffer.from(cursor, 'base64url');
    const [mac, place] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
    // A cursor has one spelling: base64url of other letters may give the same bytes.
    const isWhole = place.length > DISTANCE_BYTES && bytes.toString('base64url') === cursor;
    if (!isWhole || !timingSafeEqual(mac, this.sign(place))) throw invalidCursor();
    return { distance: place.readDoubleBE(0), imageId: place.subarray(DISTANCE_BYTES).toString() };
  }

  private sign(place: Buffer): Buffer {
    return createHmac('sha256', this.secret)
      .update(this.binding)
      .update('\n')
      .update(place)
      .digest()
      .subarray(0, MAC_BYTES);
  }
}

function invalidCursor(): AppError {
  return new AppError(
    'INVALID_CURSOR',
    '`after` is not a cursor of this search: it was changed, or belongs to another query, filter or model. Begin again without it.',
    { details: { argument: 'after' } },
  );
}
