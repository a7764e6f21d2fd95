import type { Queryable } from '../../db/database.js';

/** A column as Postgres describes it. A domain shows as the type that it is made of. */
export interface FoundColumn {
  name: string;
  /** The type by its full SQL name, without length: `integer`, `character varying`, `bpchar`, `timestamp with time zone`. */
  type: string;
  /** Postgres' one-letter class of types (pg_type.typcategory): N number, S string, B boolean, E enum, ... */
  category: string;
  /**
   * Whether the column is text whose collation tells apart any two texts that differ. A case-insensitive collation does
   * not; other types have no collation.
   */
  hasTotalOrder: boolean;
  /** Whether the database user may select it. */
  isReadable: boolean;
}

/** A table or view of the shop. */
export interface FoundRelation {
  /** Its name with schema, quoted for SQL. */
  sqlName: string;
  /** In the order of the table. */
  columns: readonly FoundColumn[];
}

/** Quotes a name for SQL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Finds a table, partitioned table, foreign table, view or materialised view by `name` or `schema.name`: spelt exactly so,
 * else in lower case, which is how Postgres keeps a name that was not quoted.
 *
 * @returns null where there is none.
 */
export async function findRelation(database: Queryable, name: string): Promise<FoundRelation | null> {
  const relation = await resolveRelation(database, name);
  return relation && { sqlName: relation.sqlName, columns: await readColumns(database, relation.oid) };
}

interface ResolvedRelation {
  oid: string;
  sqlName: string;
}

const KINDS_WITH_ROWS = ['r', 'p', 'f', 'v', 'm'];

async function resolveRelation(database: Queryable, name: string): Promise<ResolvedRelation | null> {
  const [relation] = await database.query<ResolvedRelation>(
    `select c.oid::text as oid, format('%I.%I', n.nspname, c.relname) as "sqlName"
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid = coalesce(to_regclass($1), to_regclass($2))
        and c.relkind::text = any($3::text[])`,
    [quoteQualified(name), quoteQualified(name.toLowerCase()), KINDS_WITH_ROWS],
  );
  return relation ?? null;
}

function quoteQualified(name: string): string {
  return name.split('.').map(quoteIdentifier).join('.');
}

async function readColumns(database: Queryable, oid: string): Promise<FoundColumn[]> {
  return database.query<FoundColumn>(
    `with recursive resolved (attnum, type) as (
       select attnum, atttypid
         from pg_catalog.pg_attribute
        where attrelid = $1::oid and attnum > 0 and not attisdropped
       union all
       select resolved.attnum, t.typbasetype
         from resolved join pg_catalog.pg_type t on t.oid = resolved.type
        where t.typtype = 'd'
     )
     select a.attname::text as name,
            format_type(t.oid, -1) as type,
            t.typcategory::text as category,
            coalesce(c.collisdeterministic, false) as "hasTotalOrder",
            has_column_privilege(a.attrelid, a.attnum, 'select') as "isReadable"
       from resolved
       join pg_catalog.pg_type t on t.oid = resolved.type and t.typtype <> 'd'
       join pg_catalog.pg_attribute a on a.attrelid = $1::oid and a.attnum = resolved.attnum
       left join pg_catalog.pg_collation c on c.oid = a.attcollation
      order by a.attnum`,
    [oid],
  );
}

/** The columns that the database user may select. */
export function readableColumns(relation: FoundRelation): FoundColumn[] {
  return relation.columns.filter(({ isReadable }) => isReadable);
}

/** The readable column of this name: spelt exactly so, else in lower case. Null where there is none. */
export function columnNamed(relation: FoundRelation, name: string): FoundColumn | null {
  const columns = readableColumns(relation);
  return columns.find((one) => one.name === name) ?? columns.find((one) => one.name === name.toLowerCase()) ?? null;
}

/** What columns there are, for messages: `Found: sku, title.` */
export function describeColumns(relation: FoundRelation): string {
  const hidden = relation.columns.filter(({ isReadable }) => !isReadable);
  const names = `Found: ${namesOf(readableColumns(relation))}.`;
  return hidden.length === 0 ? names : `${names} Not readable for the database user: ${namesOf(hidden)}.`;
}

function namesOf(columns: readonly FoundColumn[]): string {
  return columns.map(({ name }) => name).join(', ');
}

/** Names of the tables and views that the database user may read, with schema, in alphabetical order. */
export async function listRelations(database: Queryable): Promise<string[]> {
  const relations = await database.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind::text = any($1::text[])
        and n.nspname <> 'information_schema'
        and n.nspname not like 'pg\\_%'
        and not c.relispartition
        and has_schema_privilege(n.oid, 'usage')
        and has_any_column_privilege(c.oid, 'select')
      order by name`,
    [KINDS_WITH_ROWS],
  );
  return relations.map(({ name }) => name);
}
