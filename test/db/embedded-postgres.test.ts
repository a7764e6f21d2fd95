import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase, type Database } from '../../src/db/database.js';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded-postgres.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../support/until.js';

let root: string;
let folderNumber = 0;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lookalike-test-'));
  // Made once and copied: making a database takes seconds.
  await (await openEmbeddedPostgres({ dataDir: join(root, 'made'), log: silentLog })).close();
}, 120_000);
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => rm(root, { recursive: true, force: true }));

function newPath(): string {
  folderNumber += 1;
  return join(root, String(folderNumber));
}

async function madeDataDir(path = newPath()): Promise<string> {
  await cp(join(root, 'made'), path, { recursive: true });
  return path;
}

async function open(dataDir: string, whenLocked: 'fail' | 'join' = 'fail'): Promise<EmbeddedPostgres> {
  const postgres = await openEmbeddedPostgres({ dataDir, log: silentLog, whenLocked });
  closers.push(() => postgres.close());
  return postgres;
}

function connect({ url }: EmbeddedPostgres): Database {
  const database = makeDatabase({ url, name: 'vector', maxConnections: 2, log: silentLog });
  closers.push(() => database.close());
  return database;
}

/** `nextLine` rejects where there will be none. */
type Holder = ChildProcess & { nextLine: () => Promise<string> };

/** Starts the process that writes rows until it is killed. */
function startHolder(dataDir: string): Holder {
  const script = fileURLToPath(new URL('../support/embedded-postgres-holder.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  closers.push(() => kill(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('The process that holds the folder has ended.');
    return line.value;
  };
  return Object.assign(child, { nextLine });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('an embedded Postgres', () => {
  it('keeps what was stored from one start to the next', async () => {
    const dataDir = await madeDataDir();
    const first = await openEmbeddedPostgres({ dataDir, log: silentLog });
    const before = makeDatabase({ url: first.url, name: 'vector', maxConnections: 2, log: silentLog });
    await before.query(`create table kept as select 'yes' as answer`);
    await before.close();
    await first.close();
    await first.close();
    expect(await connect(await open(dataDir)).query('select * from kept')).toEqual([{ answer: 'yes' }]);
  });

  it('leaves neither lock nor socket behind, and lets nobody else in while it runs', async () => {
    const dataDir = await madeDataDir();
    const postgres = await open(dataDir);
    expect((await stat(join(dataDir, 'run'))).mode & 0o777).toBe(0o700);
    await postgres.close();
    expect(await readdir(dataDir)).toEqual(['postgres', 'run']);
    expect(await readdir(join(dataDir, 'run'))).toEqual([]);
  });

  it('has pgvector, and the Postgres that its folder is checked for', async () => {
    const database = connect(await open(await madeDataDir()));
    await database.query('create extension vector');
    const [row] = await database.query(`select split_part(current_setting('server_version'), '.', 1) as major`);
    expect(row).toEqual({ major: '18' });
  });

  it('serves a folder whose path is too long for a socket', async () => {
    const dataDir = await madeDataDir(join(newPath(), 'so-long-a-name'.repeat(10)));
    const postgres = await open(dataDir);
    expect(await connect(postgres).query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('that loses its files ends with a line in the log, and statements fail with a clear error', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line) => lines.push(line) });
    const dataDir = await madeDataDir();
    const postgres = await openEmbeddedPostgres({ dataDir, log });
    closers.push(() => postgres.close());
    const database = connect(postgres);
    await rm(join(dataDir, 'postgres', 'pg_wal'), { recursive: true });
    const manyRows = `create table big as select repeat('x', 1000) from generate_series(1, 40000)`;
    await expect(database.query(manyRows)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The connection to the vector database was lost. Try again; if it stays so, check that it runs.',
    });
    const line = await until('a line in the log', () => lines[0]);
    expect(JSON.parse(line)).toMatchObject({ msg: 'the embedded database stopped by itself; restart Lookalike' });
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('a killed process', () => {
  it('loses no row that was acknowledged, and the next one opens the folder', async () => {
    const dataDir = await madeDataDir();
    const holder = startHolder(dataDir);
    let last = '';
    while (!(Number(last) >= 200)) last = await holder.nextLine();
    await kill(holder);
    const database = connect(await open(dataDir));
    const [row] = await database.query<{ count: number }>(
      'select count(*)::int as count from acknowledged where id <= $1::int',
      [Number(last)],
    );
    expect(row?.count).toBe(Number(last));
  });

  it('does no harm during the very first start', async () => {
    const dataDir = newPath();
    const holder = startHolder(dataDir);
    const unfinished = async () =>
      (await readdir(dataDir).catch(() => [])).find((name) => name.startsWith('postgres.new-'));
    const name = await until('the folder of a new database', unfinished);
    await until('its first files', async () => (await readdir(join(dataDir, name))).length > 3);
    await kill(holder);
    expect(await connect(await open(dataDir)).query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(await unfinished()).toBeUndefined();
  }, 120_000);
});

describe('a folder that a live process has', () => {
  it('is refused to another one', async () => {
    const dataDir = await madeDataDir();
    const holder = startHolder(dataDir);
    await holder.nextLine();
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Another Lookalike process (pid ${holder.pid ?? 0}) is using the data folder. Stop it, or set DATA_DIR to another folder.`,
    });
  });

  it('is refused to the same one a second time', async () => {
    const dataDir = await madeDataDir();
    await open(dataDir);
    await expect(open(dataDir)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is shared with one that joins, which does not stop it', async () => {
    const dataDir = await madeDataDir();
    const holder = startHolder(dataDir);
    await until('the lock', async () => (await readdir(dataDir)).includes('lookalike.lock'));
    const joined = await open(dataDir, 'join');
    expect(joined.ownsServer).toBe(false);
    const database = connect(joined);
    await until('a row of the other process', async () => {
      const rows = await database.query('select 1 from acknowledged limit 1').catch(() => []);
      return rows.length > 0;
    });
    await joined.close();
    expect(holder.exitCode).toBeNull();
  });

  it('is opened by one that would join, when nobody has it', async () => {
    const opened = await open(await madeDataDir(), 'join');
    expect(opened.ownsServer).toBe(true);
  });
});

describe('a folder that can not be used', () => {
  it('is a file', async () => {
    const path = newPath();
    await writeFile(path, 'not a folder');
    await expect(open(path)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message:
        "The data folder can't be made, for a file is in its place. Remove the file, or set DATA_DIR to another folder.",
    });
  });

  it('holds a database of another Postgres', async () => {
    const dataDir = newPath();
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message:
        'The data folder holds a database of Postgres 17, and this version of Lookalike opens those of Postgres 18. Run the version that made it, or set DATA_DIR to a new folder and embed again.',
    });
    expect(await readdir(dataDir)).not.toContain('lookalike.lock');
  });

  it('holds a database that is damaged', async () => {
    const dataDir = await madeDataDir();
    await rm(join(dataDir, 'postgres', 'global'), { recursive: true });
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message:
        'The embedded database in the data folder can\'t be opened. Restore the folder from a backup, or remove its folder "postgres" and embed again.',
    });
  });
});
