import type { Closers } from '../closers.js';
import type { Config } from '../config.js';
import { hasDatabase } from '../db/data-dir.js';
import { makeDatabase, type Database } from '../db/database.js';
import { openEmbeddedPostgres } from '../db/embedded-postgres.js';
import type { Log } from '../log.js';
import { loadCatalog, READ_ONLY_SESSION, type Catalog } from '../services/catalog/catalog.js';

/** The vector database as it is: nothing is made and nothing brought up to date. */
export interface OpenVectors {
  database: Database;
  url: string;
  engine: 'embedded' | 'server';
  /** Whether another process has the embedded one open, and lets this one use it. */
  isShared: boolean;
}

export interface InstallationOptions {
  config: Config;
  /** Variables that have a fault. */
  faulty: ReadonlySet<string>;
  log: Log;
  closers: Closers;
}

/** A count of a large table may take long; whoever asks can do without it. */
const STATEMENT_TIMEOUT = `set statement_timeout = '10s'`;

/** What the checks share: the databases, each opened once and when it is first needed. */
export class Installation {
  readonly config: Config;
  readonly log: Log;
  private openVectors: Promise<OpenVectors | null> | null = null;
  private openCatalogue: Promise<Database | null> | null = null;
  private loadedCatalog: Promise<Catalog | null> | null = null;

  constructor(private readonly options: InstallationOptions) {
    this.config = options.config;
    this.log = options.log;
  }

  /** Those of these variables that have a fault, so that what hangs on them can't be looked at. */
  faultyOf(...variables: string[]): string[] {
    return variables.filter((variable) => this.options.faulty.has(variable));
  }

  /**
   * @returns null where the embedded database was not made yet.
   * @throws AppError where it can't be had.
   */
  vectors(): Promise<OpenVectors | null> {
    return (this.openVectors ??= this.open());
  }

  /** The database of the catalogue; null where it is the demo's and was not made yet. */
  catalogue(): Promise<Database | null> {
    return (this.openCatalogue ??= this.connectCatalogue());
  }

  /**
   * The catalogue; null as above, and where the demo was not filled in yet.
   *
   * @throws CatalogError where the shop's tables can't be used.
   */
  catalog(): Promise<Catalog | null> {
    return (this.loadedCatalog ??= this.load());
  }

  private async open(): Promise<OpenVectors | null> {
    const { config, log } = this.options;
    const { vectorDatabaseUrl: url, dataDir } = config;
    if (url !== null) return { database: this.connect(url, 'vector'), url, engine: 'server', isShared: false };
    if (!(await hasDatabase(dataDir))) return null;
    const embedded = await openEmbeddedPostgres({ dataDir, log, whenLocked: 'join' });
    this.options.closers.push('embedded Postgres', () => embedded.close());
    const database = this.connect(embedded.url, 'vector');
    return { database, url: embedded.url, engine: 'embedded', isShared: !embedded.ownsServer };
  }

  private async connectCatalogue(): Promise<Database | null> {
    const { catalogDatabaseUrl: url } = this.config;
    if (url !== null) return this.connect(url, 'catalogue', `${READ_ONLY_SESSION}; ${STATEMENT_TIMEOUT}`);
    return (await this.vectors())?.database ?? null;
  }

  private async load(): Promise<Catalog | null> {
    const { config, log } = this.options;
    const database = await this.catalogue();
    if (database === null || (config.catalogDatabaseUrl === null && !(await hasDemo(database)))) return null;
    return loadCatalog({ database, config: config.catalog, log });
  }

  private connect(url: string, name: 'vector' | 'catalogue', onConnect?: string): Database {
    const { closers, log } = this.options;
    const database = makeDatabase({ url, name, maxConnections: 2, log, ...(onConnect !== undefined && { onConnect }) });
    closers.push(`${name} database`, () => database.close());
    return database;
  }
}

async function hasDemo(database: Database): Promise<boolean> {
  const [row] = await database.query<{ isThere: boolean }>(
    `select to_regclass('demo.products') is not null as "isThere"`,
  );
  return row?.isThere === true;
}
