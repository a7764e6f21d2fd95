import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { SearchCursors, type CursorSigner } from '../../src/services/search-cursor.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
let signer: CursorSigner;

const BINDING = ['query', 'model', { categories: ['mugs'] }];
const KEY = { distance: -0.8103523850440979, imageId: 'i-1' };

beforeAll(async () => {
  db = await startTestDatabase();
  signer = await new SearchCursors(db.database).signerFor(BINDING);
});
afterAll(() => db.close());

const REFUSAL =
  '`after` is not a cursor of this search: it was changed, or belongs to another query, filter or model. Begin again without it.';

function refusalOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof AppError ? [error.code, error.message, error.details] : error;
  }
}

const REFUSED = ['INVALID_CURSOR', REFUSAL, { argument: 'after' }];

describe('a cursor', () => {
  it('holds a place to the last bit, whatever the id', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.string({ unit: 'grapheme', minLength: 1 }), (distance, imageId) => {
        expect(signer.decode(signer.encode({ distance, imageId }))).toEqual({ distance, imageId });
      }),
    );
  });

  it('is read by every process on the same database', async () => {
    const other = await new SearchCursors(db.database).signerFor(BINDING);
    expect(other.decode(signer.encode(KEY))).toEqual(KEY);
  });

  it('is refused with any bit changed, or cut short, or longer', () => {
    const bytes = Buffer.from(signer.encode(KEY), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusalOf(() => signer.decode(changed.toString('base64url')))).toEqual(REFUSED);
    }
    for (const other of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from('0')]), Buffer.alloc(0)]) {
      expect(refusalOf(() => signer.decode(other.toString('base64url')))).toEqual(REFUSED);
    }
  });

  it('is refused in another spelling of the same bytes', () => {
    const cursor = signer.encode(KEY);
    for (const spelling of [`${cursor}=`, ` ${cursor}`, `${cursor}\n`, cursor.replaceAll('-', '+'), 'no cursor', '']) {
      if (spelling !== cursor) expect(refusalOf(() => signer.decode(spelling))).toEqual(REFUSED);
    }
  });

  it.each([
    ['query', ['other', 'model', { categories: ['mugs'] }]],
    ['model', ['query', 'other', { categories: ['mugs'] }]],
    ['filter', ['query', 'model', { categories: ['lamps'] }]],
  ])('is refused by another %s', async (_what, binding) => {
    const other = await new SearchCursors(db.database).signerFor(binding);
    expect(refusalOf(() => other.decode(signer.encode(KEY)))).toEqual(REFUSED);
  });

  it('is refused where the secret is another one', async () => {
    const elsewhere = await startTestDatabase();
    await elsewhere.database.query(`update cursor_secret set secret = sha256('another')`);
    const other = await new SearchCursors(elsewhere.database).signerFor(BINDING);
    expect(refusalOf(() => other.decode(signer.encode(KEY)))).toEqual(REFUSED);
    await elsewhere.close();
  });
});
