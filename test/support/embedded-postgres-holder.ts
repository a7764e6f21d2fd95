/**
 * A process of its own that opens an embedded Postgres, for tests that kill it: `tsx embedded-postgres-holder.ts DATA_DIR`.
 * It says `ready`, then the number of each row once the database has acknowledged it, until it is killed.
 */
import { makeDatabase } from '../../src/db/database.js';
import { openEmbeddedPostgres } from '../../src/db/embedded-postgres.js';
import { silentLog } from './silent-log.js';

const [dataDir = ''] = process.argv.slice(2);
const { url } = await openEmbeddedPostgres({ dataDir, log: silentLog });
const database = makeDatabase({ url, name: 'vector', maxConnections: 2, log: silentLog });
await database.query('create table if not exists acknowledged (id int primary key)');
process.stdout.write('ready\n');
for (let id = 1; ; id++) {
  await database.query('insert into acknowledged values ($1::int) on conflict do nothing', [id]);
  process.stdout.write(`${id}\n`);
}
