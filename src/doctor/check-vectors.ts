import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { pendingMigrations } from '../db/migrate.js';
import { isUpToDate } from '../upgrade-vector-database.js';
import type { Installation, OpenVectors } from './installation.js';
import { notChecked } from './check-catalogue.js';
import { fault, ok, warning, type Finding } from './finding.js';

/** Iterative scans came with 0.8; a database with an older one is refused. */
const PGVECTOR_NEEDED = [0, 8, 0];

/** CVE-2026-3172 was mended in 0.8.2, and errors of HNSW indexes that are vacuumed in 0.8.3 and 0.8.4. */
const PGVECTOR_MENDED = [0, 8, 4];

/** Whether the vector database answers, has what it needs, and is up to date. */
export async function checkVectors(installation: Installation): Promise<Finding[]> {
  const faulty = installation.faultyOf('VECTOR_DATABASE_URL');
  if (faulty.length > 0) return [notChecked(faulty)];
  const vectors = await installation.vectors();
  if (vectors === null) return [ok('The embedded database is made in DATA_DIR at the first start.')];
  const findings = [await describeServer(vectors, installation.config)].flat();
  const pgvector = await checkPgvector(vectors.database);
  findings.push(...pgvector);
  if (vectors.engine === 'server') findings.push(...(await checkRights(vectors.database)));
  if (pgvector.some(({ status }) => status === 'fault')) return findings;
  findings.push(...(await checkMigrations(vectors, installation.config)));
  return findings;
}

async function describeServer({ database, engine, isShared }: OpenVectors, config: Config): Promise<Finding[]> {
  const [row] = await database.query<{ version: string; isStandby: boolean; maxConnections: number }>(
    `select current_setting('server_version') as version, pg_is_in_recovery() as "isStandby",
       current_setting('max_connections')::int as "maxConnections"`,
  );
  const { version = '', isStandby = false, maxConnections = 0 } = row ?? {};
  if (engine === 'embedded') {
    const who = isShared ? 'a running Lookalike process has it open, and was asked' : 'no other process uses it';
    return [ok(`The embedded Postgres ${version} in DATA_DIR answers; ${who}.`)];
  }
  const findings = [ok(`Postgres ${version} answers.`)];
  if (isStandby) {
    findings.push(
      fault('It is a standby, which can only be read.', 'Point VECTOR_DATABASE_URL at the primary server.'),
    );
  }
  // A process has one connection for its health checks beside the pool, and there may be others.
  if (config.databasePoolSize + 1 > maxConnections) {
    findings.push(
      warning(
        `It takes ${maxConnections} connections in all, and one process may open ${config.databasePoolSize + 1}.`,
        'Lower DATABASE_POOL_SIZE, or raise max_connections: all processes together must fit.',
      ),
    );
  }
  return findings;
}

interface Extension {
  available: string;
  installed: string | null;
  mayAdd: boolean;
}

async function checkPgvector(database: Database): Promise<Finding[]> {
  const [extension] = await database.query<Extension>(
    `select e.default_version as available, e.installed_version as installed,
       (select rolsuper from pg_roles where rolname = current_user)
         or (has_database_privilege(current_database(), 'create') and exists (
           select 1 from pg_available_extension_versions v where v.name = e.name and v.version = e.default_version and v.trusted
         )) as "mayAdd"
     from pg_available_extensions e where e.name = 'vector'`,
  );
  if (extension === undefined) {
    return [
      fault(
        'The server has no pgvector.',
        'Install pgvector 0.8.4 or newer on it (the image pgvector/pgvector has it), then run `lookalike migrate`.',
      ),
    ];
  }
  return [describeExtension(extension)];
}

function describeExtension({ available, installed, mayAdd }: Extension): Finding {
  const version = installed ?? available;
  const update =
    installed === null ? 'Install a newer one on the server.' : 'Install it, then run `alter extension vector update`.';
  if (isOlder(version, PGVECTOR_NEEDED)) return fault(`pgvector ${version} is too old: 0.8 is needed.`, update);
  if (installed === null && !mayAdd) {
    return fault(
      `pgvector ${available} is there, and this user may not add it.`,
      'Let an administrator run `create extension vector` in this database.',
    );
  }
  if (isOlder(version, PGVECTOR_MENDED)) {
    return warning(
      `pgvector ${version} has faults in building HNSW indexes (CVE-2026-3172, before 0.8.2) or in vacuuming them (before 0.8.4).`,
      update,
    );
  }
  return ok(
    installed === null ? `pgvector ${available} can be added; migrations do so.` : `pgvector ${installed} is there.`,
  );
}

function isOlder(version: string, than: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [place, wanted] of than.entries()) {
    const part = parts[place] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

async function checkRights(database: Database): Promise<Finding[]> {
  const [row] = await database.query<{ tables: boolean; schemas: boolean; foreign: string[] }>(
    `select has_schema_privilege('public', 'create') as tables,
       has_database_privilege(current_database(), 'create') as schemas,
       array(select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and (c.relname like 'embedding\\_%' or c.relname like 'image\\_embeddings%' or c.relname = 'lookalike_migrations')
           and not pg_has_role(c.relowner, 'usage') order by 1) as foreign`,
  );
  const missing: string[] = [];
  if (row?.tables !== true) missing.push('grant usage, create on schema public to <user>');
  if (row?.schemas !== true) missing.push('grant create on database <database> to <user>');
  if (missing.length > 0) {
    return [
      fault('This user may not make all the tables that are needed.', `Run as its owner: ${missing.join('; ')}.`),
    ];
  }
  const foreign = row?.foreign ?? [];
  if (foreign.length === 0) return [ok('This user may make tables and schemas.')];
  return [
    fault(
      `Tables belong to another user: ${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ' and more' : ''}.`,
      'Run `alter table … owner to <user>` for each, or use the user that ran the migrations.',
    ),
  ];
}

async function checkMigrations({ database, engine }: OpenVectors, config: Config): Promise<Finding[]> {
  if (await isUpToDate(database)) return [ok('Its tables are up to date.'), ...(await describeModels(database))];
  const pending = await pendingMigrations(database);
  const what = `It is not up to date: ${pending.length === 0 ? "the job queue's tables" : pending.join(', ')} are to come.`;
  if (engine === 'embedded' || config.migrateOnStart) return [ok(`${what} The next start brings it up to date.`)];
  return [fault(what, 'Run `lookalike migrate`, or set MIGRATE_ON_START=true.')];
}

async function describeModels(database: Database): Promise<Finding[]> {
  const models = await database.query<{ name: string; dimensions: number; isActive: boolean }>(
    `select name, dimensions, is_active as "isActive" from embedding_models order by name`,
  );
  const active = models.find(({ isActive }) => isActive);
  if (active === undefined)
    return [ok('No model answers searches yet: the first start makes that of CLIP_MODEL do so.')];
  const [row] = await database.query<{ hasEmbeddings: boolean; isFilling: boolean }>(
    `select exists (select 1 from image_embeddings where model_version = $1::text) as "hasEmbeddings",
       exists (select 1 from embedding_backfills where model = $1::text and state in ('PENDING', 'RUNNING', 'PAUSED'))
         as "isFilling"`,
    [active.name],
  );
  const what = `The model ${active.name} (${active.dimensions} numbers) answers searches`;
  const progress = row?.isFilling === true ? 'a backfill of it is not done yet' : 'no backfill of it is under way';
  if (row?.hasEmbeddings === true) return [ok(`${what}, and has embeddings; ${progress}.`)];
  if (row?.isFilling === true) return [ok(`${what}, and has embedded nothing yet; ${progress}.`)];
  return [warning(`${what}, and has embedded nothing yet.`, 'Run `lookalike backfill`, or start one as an admin.')];
}
