import type { CatalogColumnNames, CatalogConfig } from '../../src/config.js';
import type { Database, Queryable } from '../../src/db/database.js';
import { loadCatalog, type Catalog } from '../../src/services/catalog/catalog.js';
import { createCatalog, type CatalogFixture } from './catalog-fixture.js';
import { startEmptyTestDatabase, type TestDatabase } from './database.js';
import { silentLog } from './silent-log.js';

/** Makes catalogues for the tests of one file, each in a schema of its own. */
export class TestCatalogs {
  readonly #server: TestDatabase;
  #schemas = 0;

  private constructor(server: TestDatabase) {
    this.#server = server;
  }

  static async start(): Promise<TestCatalogs> {
    return new TestCatalogs(await startEmptyTestDatabase());
  }

  get database(): Database {
    return this.#server.database;
  }

  /** Makes the tables: keys are integers and tables empty unless told otherwise. */
  async makeTables(fixture: Partial<CatalogFixture>): Promise<CatalogConfig> {
    const schema = `shop_${++this.#schemas}`;
    return createCatalog(this.database, { keyType: 'integer', products: [], images: [], schema, ...fixture });
  }

  /** Runs `create` statements in a schema of their own, `shop` in the text, and returns the settings that name it. */
  async makeBy(statements: string, columns: CatalogColumnNames = {}): Promise<CatalogConfig> {
    const schema = `shop_${++this.#schemas}`;
    await this.database.query(`create schema ${schema}`);
    for (const statement of statements.split(';')) {
      await this.database.query(statement.replaceAll('shop.', `${schema}.`));
    }
    return { products: `${schema}.products`, images: `${schema}.product_images`, columns, filters: {} };
  }

  load(config: CatalogConfig, database: Queryable = this.database): Promise<Catalog> {
    return loadCatalog({ database, config, log: silentLog });
  }

  async make(fixture: Partial<CatalogFixture>): Promise<Catalog> {
    return this.load(await this.makeTables(fixture));
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
