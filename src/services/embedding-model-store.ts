import type { Database, Queryable } from '../db/database.js';
import { ServiceUnavailableError } from '../errors.js';
import type { BackfillState } from './backfill-run.js';
import { dropPartition, lockPartition, type ModelOrigin } from './vector/partition.js';

/** A model that there is room for. Times are ISO 8601. */
export interface StoredModel extends ModelOrigin {
  /** Whether searches are answered with it. */
  isActive: boolean;
  /** When it last became active; null where it never was. */
  activatedAt: string | null;
  createdAt: string;
  /** The state of its active backfill; null where it has none. */
  backfillState: Extract<BackfillState, 'PENDING' | 'RUNNING' | 'PAUSED'> | null;
}

/** Counts the changes of a model: of its embeddings, of its runs, and of whether it answers searches. */
export interface ModelRevision {
  revision: number;
  /** ISO 8601. */
  updatedAt: string;
}

const COLUMNS = `m.name, m.dimensions, m.source, m.is_active as "isActive", ${iso('m.activated_at')} as "activatedAt",
  ${iso('m.created_at')} as "createdAt", b.state as "backfillState"`;

const FROM = `embedding_models m
  left join embedding_backfills b on b.model = m.name and b.state in ('PENDING', 'RUNNING', 'PAUSED')`;

/** SQLSTATEs. */
const UNIQUE_VIOLATION = '23505';
const LOCK_NOT_AVAILABLE = '55P03';

/** The models that there is room for, of which one is active: SQL and rows, no choices. */
export class EmbeddingModelStore {
  constructor(private readonly database: Database) {}

  /** Every model, by name. */
  list(): Promise<StoredModel[]> {
    return this.database.query(`select ${COLUMNS} from ${FROM} order by m.name`);
  }

  /** Null where there is no such model. */
  async find(name: string): Promise<StoredModel | null> {
    const rows = await this.database.query<StoredModel>(`select ${COLUMNS} from ${FROM} where m.name = $1::text`, [
      name,
    ]);
    return rows[0] ?? null;
  }

  /** The model that answers searches; null where none does. */
  async active(): Promise<StoredModel | null> {
    const rows = await this.database.query<StoredModel>(`select ${COLUMNS} from ${FROM} where m.is_active`);
    return rows[0] ?? null;
  }

  /** 0 of a model that there is not. */
  async revision(name: string): Promise<ModelRevision> {
    const [row] = await this.database.query<ModelRevision>(
      `select revision::float8 as revision, ${iso('updated_at')} as "updatedAt" from embedding_models where name = $1::text`,
      [name],
    );
    return row ?? { revision: 0, updatedAt: new Date(0).toISOString() };
  }

  /** Makes the revision rise, after a change of the embeddings that no run accounts for. */
  async touch(name: string): Promise<void> {
    await this.database.query(
      `update embedding_models set revision = revision + 1, updated_at = now() where name = $1::text`,
      [name],
    );
  }

  /** Makes a model the active one where none is. Of several processes that try at once, one does it. */
  async activateFirst(name: string): Promise<void> {
    try {
      await this.database.query(
        `update embedding_models set is_active = true, activated_at = now(), revision = revision + 1, updated_at = now()
         where name = $1::text and not exists (select from embedding_models where is_active)`,
        [name],
      );
    } catch (error) {
      // Another one was quicker, which the statement could not see.
      if (!hasCode(error, UNIQUE_VIOLATION)) throw error;
    }
  }

  /** Takes the rows of all models until the transaction ends, so that switches come one after another. By name. */
  lockAll(tx: Queryable): Promise<Pick<StoredModel, 'name' | 'dimensions' | 'isActive'>[]> {
    return tx.query(
      `select name, dimensions, is_active as "isActive" from embedding_models order by name collate "C" for no key update`,
    );
  }

  /** Lets a model answer instead of the one that does; to be called with the rows of all models locked. */
  async activate(name: string, tx: Queryable): Promise<void> {
    // The index of active models is checked row by row, so first there is none.
    await tx.query(
      `update embedding_models set is_active = false, revision = revision + 1, updated_at = now() where is_active`,
    );
    await tx.query(
      `update embedding_models set is_active = true, activated_at = now(), revision = revision + 1, updated_at = now()
       where name = $1::text`,
      [name],
    );
  }

  /** Keeps a model from being dropped until the transaction ends. @returns Whether it is there. */
  async keep(name: string, tx: Queryable): Promise<boolean> {
    const rows = await tx.query(`select 1 from embedding_models where name = $1::text for key share`, [name]);
    return rows.length > 0;
  }

  /**
   * Takes a model for itself until the transaction ends; nobody starts a backfill or makes a query image with it meanwhile.
   *
   * @param waitMs - how long each statement from now on waits at most for those who use the embeddings; past that the
   *   transaction fails, as {@link isLockTimeout} tells.
   * @returns Null where there is no such model.
   */
  async lockForDrop(
    name: string,
    waitMs: number,
    tx: Queryable,
  ): Promise<Pick<StoredModel, 'isActive' | 'backfillState'> | null> {
    await tx.query(`select set_config('lock_timeout', $1::text, true)`, [`${waitMs}ms`]);
    // The tables come before the row, in the order of whoever stores embeddings: else both would wait for each other.
    await lockPartition(name, tx);
    await tx.query(`select 1 from embedding_models where name = $1::text for update`, [name]);
    const rows = await tx.query<StoredModel>(`select ${COLUMNS} from ${FROM} where m.name = $1::text`, [name]);
    return rows[0] ?? null;
  }

  /** Removes a model and its embeddings; its query images go with it, its runs and failures have to be gone. */
  async remove(name: string, tx: Queryable): Promise<void> {
    await dropPartition(name, tx);
    await tx.query(`delete from embedding_models where name = $1::text`, [name]);
  }
}

function iso(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Whether a statement gave up waiting for somebody who has what it needs. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof ServiceUnavailableError && hasCode(error.cause, LOCK_NOT_AVAILABLE);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
