import type { Database } from '../db/database.js';
import { ServiceUnavailableError } from '../errors.js';
import type { ModelIdentity } from '../types.js';
import { decodeVector, encodeVector } from './vector/codec.js';

/** What is kept of a photograph that somebody searches with: never the photograph itself. */
export interface NewQueryImage {
  id: string;
  /** The model that made the vector, and goes on to answer for it. */
  model: ModelIdentity;
  /** `Float32Array` of length `model.dimensions`, L2-normalised, in full precision. */
  vector: Float32Array;
  /** SHA-256 of the photograph's bytes in hexadecimal. */
  contentHash: string;
  /** Size of the whole photograph, upright, in pixels. */
  width: number;
  height: number;
}

export interface QueryImage extends NewQueryImage {
  /** ISO 8601, in UTC. */
  expiresAt: string;
}

interface QueryImageRow extends Omit<QueryImage, 'model' | 'vector'> {
  name: string;
  dimensions: number;
  encoded: Buffer;
}

const EXPIRES_AT = `to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "expiresAt"`;

/** SQLSTATE `foreign_key_violation`. */
const NO_SUCH_MODEL = '23503';

/** The photographs that are searched with: SQL and rows, no choices. */
export class QueryImageStore {
  constructor(private readonly database: Database) {}

  /**
   * @throws ServiceUnavailableError where the model was dropped since it made the vector.
   * @throws RangeError for a vector that is not the model's.
   */
  async insert(image: NewQueryImage, ttlSeconds: number): Promise<QueryImage> {
    const { id, model, vector, contentHash, width, height } = image;
    const [row] = await this.database
      .query<Pick<QueryImage, 'expiresAt'>>(
        `insert into query_images (id, model, embedding, content_hash, width, height, expires_at)
         values ($1::text, $2::text, $3::vector, decode($4::text, 'hex'), $5::int, $6::int,
           now() + make_interval(secs => $7::float8))
         returning ${EXPIRES_AT}`,
        [id, model.name, encodeVector(vector, model), contentHash, width, height, ttlSeconds],
      )
      .catch((error: unknown) => {
        throw isOfNoModel(error) ? modelDropped(model, error) : error;
      });
    if (row === undefined) throw new Error('Inserting a query image gave no row.');
    return { ...image, ...row };
  }

  /** Null where there is none of that id, or it has expired. */
  async find(id: string): Promise<QueryImage | null> {
    const [row] = await this.database.query<QueryImageRow>(
      `select q.id, q.model as name, m.dimensions, vector_send(q.embedding) as encoded,
         encode(q.content_hash, 'hex') as "contentHash", q.width, q.height, ${EXPIRES_AT}
       from query_images q join embedding_models m on m.name = q.model
       where q.id = $1::text and q.expires_at > now()`,
      [id],
    );
    if (row === undefined) return null;
    const { name, dimensions, encoded, ...rest } = row;
    return { ...rest, model: { name, dimensions }, vector: decodeVector(encoded) };
  }

  /** Forgets those that have expired; how many there were. */
  async removeExpired(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `with removed as (delete from query_images where expires_at <= now() returning 1)
       select count(*)::float8 as count from removed`,
    );
    return row?.count ?? 0;
  }
}

function isOfNoModel(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === NO_SUCH_MODEL;
}

function modelDropped({ name }: ModelIdentity, cause: unknown): ServiceUnavailableError {
  return new ServiceUnavailableError(`The model "${name}" was dropped while the photograph was embedded: try again.`, {
    cause,
  });
}
