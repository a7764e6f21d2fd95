import type { Database } from '../db/database.js';
import { ServiceUnavailableError } from '../errors.js';
import { imageConcepts, productConcepts } from '../services/catalog/catalog-concepts.js';
import { mapCatalog, type CatalogMapping } from '../services/catalog/catalog-columns.js';
import { CatalogError } from '../services/catalog/catalog-error.js';
import type { Catalog } from '../services/catalog/catalog.js';
import type { Installation } from './installation.js';
import { faultIn, ok, warning, type Finding } from './finding.js';

const NOT_USABLE = 'Set CATALOG_PRODUCTS, CATALOG_IMAGES and CATALOG_COLUMNS as docs/catalogue.md says.';

/** Whether the catalogue database answers, which tables and columns are read, and how much is in them. */
export async function checkCatalogue(installation: Installation): Promise<Finding[]> {
  const faulty = installation.faultyOf('DATABASE_URL', 'DATABASE_URL_PRIVATE', 'CATALOG_COLUMNS', 'CATALOG_FILTERS');
  if (faulty.length > 0) return [notChecked(faulty)];
  const database = await installation.catalogue();
  if (database === null) return [ok('The demo catalogue is drawn at the first start.')];
  const findings = [ok(await describeServer(database))];
  try {
    const catalog = await installation.catalog();
    if (catalog === null) return [...findings, ok('The demo catalogue is filled in at the first start.')];
    const mapping = await mapCatalog(database, installation.config.catalog);
    return [
      ...findings,
      ...describeMapping(mapping),
      ...(await describeContents(installation, { database, catalog, mapping })),
    ];
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return [...findings, ...error.faults.map((sentence) => faultIn(sentence, NOT_USABLE))];
  }
}

export function notChecked(faulty: readonly string[]): Finding {
  const variables = faulty.join(' and ');
  return warning(`It was not looked at, for ${variables} can't be used.`, `Mend ${variables} first.`);
}

async function describeServer(database: Database): Promise<string> {
  const [row] = await database.query<{ version: string; name: string; user: string }>(
    `select current_setting('server_version') as version, current_database() as name, current_user as "user"`,
  );
  return `Postgres ${row?.version ?? ''} answers; the database is ${row?.name ?? ''}, the user ${row?.user ?? ''}.`;
}

function describeMapping(mapping: CatalogMapping): Finding[] {
  const { products, images, filters, warnings } = mapping;
  const filterNames = Array.from(filters, ([name, { column, use }]) => `${name} from ${column.name} (${use})`);
  return [
    ok(describeRelation('Products', products, productConcepts)),
    ok(describeRelation('Images', images, imageConcepts)),
    ok(
      filterNames.length === 0
        ? 'CATALOG_FILTERS names no further columns to filter by.'
        : `Searches can be filtered by ${filterNames.join(', ')} (CATALOG_FILTERS).`,
    ),
    ...warnings.map((sentence) =>
      warning(sentence, 'Name another column in CATALOG_COLUMNS, or leave it as it is: it is not required.'),
    ),
  ];
}

/** Which column holds what, and which of those that would be used there is none of. */
function describeRelation(
  what: string,
  { sqlName, columns }: { sqlName: string; columns: Readonly<Record<string, { name: string } | null>> },
  concepts: Readonly<Record<string, { setting: string; names: readonly string[] }>>,
): string {
  const found = Object.entries(concepts).map(([key, { setting, names }]) => ({ setting, names, column: columns[key] }));
  const there = found.flatMap(({ setting, column }) => (column ? [`${setting}=${column.name}`] : []));
  const missing = found.flatMap(({ setting, names, column }) => (column ? [] : [`${setting} (${names.join(', ')})`]));
  const without = missing.length === 0 ? '' : ` There is none for ${missing.join('; ')}, which is no fault.`;
  return `${what} are read from ${sqlName}: ${there.join(', ')}.${without}`;
}

interface OpenCatalogue {
  database: Database;
  catalog: Catalog;
  mapping: CatalogMapping;
}

async function describeContents(installation: Installation, open: OpenCatalogue): Promise<Finding[]> {
  const { images: scope } = installation.config.backfill;
  try {
    const [row] = await open.database.query<{ count: number }>(
      `select count(*)::float8 as count from ${open.mapping.products.sqlName}`,
    );
    const [products, images] = [row?.count ?? 0, await open.catalog.countImages('all')];
    const wanted = scope === 'all' ? images : await open.catalog.countImages('main');
    return describeCounts({ products, images, wanted, scope });
  } catch (error) {
    if (!(error instanceof ServiceUnavailableError)) throw error;
    return [
      warning(
        'Products and images were not counted within 10 seconds.',
        'Put an index on the product id of images, and run `analyze`; backfills count them too.',
      ),
    ];
  }
}

function describeCounts(counts: { products: number; images: number; wanted: number; scope: string }): Finding[] {
  const { products, images, wanted, scope } = counts;
  if (products === 0 || images === 0) {
    const empty = products === 0 ? 'no product' : 'no image that belongs to a product';
    return [
      warning(`The catalogue has ${empty}, so nothing can be found.`, 'Check CATALOG_PRODUCTS and CATALOG_IMAGES.'),
    ];
  }
  if (wanted === 0) {
    return [
      warning(
        `The catalogue has ${products} products and ${images} images, none of which is a main one, so none is embedded.`,
        'Set BACKFILL_IMAGES=all, or CATALOG_COLUMNS=image_is_main=<column>.',
      ),
    ];
  }
  const part = scope === 'all' ? 'all of which' : `${wanted} of which`;
  return [
    ok(`It has ${products} products and ${images} images, ${part} are to be embedded (BACKFILL_IMAGES=${scope}).`),
  ];
}
