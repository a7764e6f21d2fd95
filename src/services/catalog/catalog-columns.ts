import type { CatalogConfig } from '../../config.js';
import type { Queryable } from '../../db/database.js';
import { CatalogError } from './catalog-error.js';
import { acceptedTypes, conceptSettings, imageConcepts, isUsable, productConcepts } from './catalog-concepts.js';
import type { Concept } from './catalog-concepts.js';
import { keyTypeOf, type KeyType } from './catalog-key.js';
import {
  columnNamed,
  describeColumns,
  findRelation,
  listRelations,
  readableColumns,
  type FoundColumn,
  type FoundRelation,
} from './catalog-relation.js';
import { findFilterColumns, type FilterColumn } from './filter-columns.js';

type Concepts = Readonly<Record<string, Concept>>;

/** The column of each concept; null where the relation has none. */
type Mapped<C extends Concepts> = {
  readonly [N in keyof C]: C[N]['need'] extends 'required' ? FoundColumn : FoundColumn | null;
};

export type ProductColumns = Mapped<typeof productConcepts>;
export type ImageColumns = Mapped<typeof imageConcepts>;

/** A relation of the shop and which of its columns holds what. */
export interface MappedRelation<Columns> {
  /** Its name with schema, quoted for SQL. */
  sqlName: string;
  columns: Columns;
}

/** Where the shop keeps what Lookalike reads. */
export interface CatalogMapping {
  products: MappedRelation<ProductColumns>;
  images: MappedRelation<ImageColumns>;
  productKey: KeyType;
  imageKey: KeyType;
  /** The key of products as images refer to it: `integer` there may be `bigint` here. */
  imageProductKey: KeyType;
  /** The columns of products that CATALOG_FILTERS names, by the names that the API has for them. */
  filters: ReadonlyMap<string, FilterColumn>;
  /** Columns that were passed over, a full sentence each. */
  warnings: readonly string[];
}

/**
 * Finds the shop's two relations and the columns in them, by the configured names and by the usual ones.
 *
 * @throws CatalogError with every fault there is: a missing relation or column, a type that can't be used, a name in
 *   CATALOG_COLUMNS that means nothing.
 */
export async function mapCatalog(database: Queryable, config: CatalogConfig): Promise<CatalogMapping> {
  const findings = new Findings(config);
  findings.checkSettings();
  const productRelation = await findings.find(database, 'CATALOG_PRODUCTS');
  const products = findings.map(productRelation, { variable: 'CATALOG_PRODUCTS', concepts: productConcepts });
  const filters = findings.mapFilters(productRelation);
  const imageRelation = await findings.find(database, 'CATALOG_IMAGES');
  const images = findings.map(imageRelation, { variable: 'CATALOG_IMAGES', concepts: imageConcepts });
  if (products === null || images === null || findings.faults.length > 0) throw new CatalogError(findings.faults);
  const mapping = {
    products,
    images,
    filters,
    ...keysOf(products.columns, images.columns),
    warnings: findings.warnings,
  };
  if (mapping.productKey.family !== mapping.imageProductKey.family) {
    throw new CatalogError([keysDiffer(config, mapping)]);
  }
  return mapping;
}

function keysOf(products: ProductColumns, images: ImageColumns) {
  return {
    productKey: requireKey(products.id),
    imageKey: requireKey(images.id),
    imageProductKey: requireKey(images.productId),
  };
}

function requireKey(column: FoundColumn): KeyType {
  const key = keyTypeOf(column);
  if (key === null) throw new TypeError(`A column of type ${column.type} was taken for a key.`);
  return key;
}

function keysDiffer(config: CatalogConfig, { products, images }: CatalogMapping): string {
  const { id } = products.columns;
  const { productId } = images.columns;
  return (
    `\`${config.images}\`.\`${productId.name}\` is of type ${productId.type} and \`${config.products}\`.\`${id.name}\` ` +
    `of type ${id.type}, so they can't be compared. Set CATALOG_IMAGES to a view that gives both the same type.`
  );
}

type RelationVariable = 'CATALOG_PRODUCTS' | 'CATALOG_IMAGES';

const WHAT_IT_HOLDS: Readonly<Record<RelationVariable, string>> = {
  CATALOG_PRODUCTS: 'products',
  CATALOG_IMAGES: 'product images',
};

/** Collects faults and warnings on the way, so that one start reports them all. */
class Findings {
  readonly faults: string[] = [];
  readonly warnings: string[] = [];
  readonly #config: CatalogConfig;

  constructor(config: CatalogConfig) {
    this.#config = config;
  }

  checkSettings(): void {
    for (const setting of Object.keys(this.#config.columns)) {
      if (conceptSettings.includes(setting)) continue;
      this.faults.push(
        `CATALOG_COLUMNS names \`${setting}\`, which is not known. Accepted: ${conceptSettings.join(', ')}.`,
      );
    }
  }

  /** @returns null, with a fault, where there is no such relation or none of its columns may be read. */
  async find(database: Queryable, variable: RelationVariable): Promise<FoundRelation | null> {
    const name = this.#nameOf(variable);
    const relation = await findRelation(database, name);
    if (relation === null) {
      this.faults.push(noRelation({ variable, name, found: await listRelations(database) }));
      return null;
    }
    if (readableColumns(relation).length > 0) return relation;
    this.faults.push(`The database user may not read \`${name}\`. Grant it the right to select from it.`);
    return null;
  }

  /** @returns null where there is no relation; else its columns, which are whole if there is no fault. */
  map<C extends Concepts>(
    relation: FoundRelation | null,
    { variable, concepts }: { variable: RelationVariable; concepts: C },
  ): MappedRelation<Mapped<C>> | null {
    if (relation === null) return null;
    const name = this.#nameOf(variable);
    const entries = Object.entries(concepts).map(([concept, definition]) => [
      concept,
      this.#findColumn({ concept: definition, relation, name, variable }),
    ]);
    // A required column that is missing is a fault by now, and mapCatalog gives out no mapping that has faults.
    return { sqlName: relation.sqlName, columns: Object.fromEntries(entries) as Mapped<C> };
  }

  mapFilters(products: FoundRelation | null): ReadonlyMap<string, FilterColumn> {
    if (products === null) return new Map();
    const { filters, products: relationName } = this.#config;
    const found = findFilterColumns({ filters, products, relationName });
    this.faults.push(...found.faults);
    return found.filters;
  }

  #nameOf(variable: RelationVariable): string {
    return variable === 'CATALOG_PRODUCTS' ? this.#config.products : this.#config.images;
  }

  #findColumn(search: ColumnSearch): FoundColumn | null {
    const named = this.#config.columns[search.concept.setting];
    return named === undefined ? this.#discover(search) : this.#findNamed(search, named);
  }

  #findNamed(search: ColumnSearch, named: string): FoundColumn | null {
    const { concept, relation, name } = search;
    const column = columnNamed(relation, named);
    if (column === null) {
      this.faults.push(
        `\`${name}\` has no column \`${named}\`, which CATALOG_COLUMNS names for ${concept.setting}. ${describeColumns(relation)}`,
      );
    } else if (!isUsable(column, concept.use)) {
      this.faults.push(`${wrongType(search, column)} ${remedy(search)}`);
    }
    return column;
  }

  #discover(search: ColumnSearch): FoundColumn | null {
    const { concept, relation } = search;
    const candidates = concept.names.flatMap((usual) => columnsCalled(relation, usual));
    const usable = candidates.find((column) => isUsable(column, concept.use));
    if (usable !== undefined) return usable;
    const [unusable] = candidates;
    if (unusable !== undefined) this.#reportUnusable(search, unusable);
    else if (concept.need === 'required') this.faults.push(`${noColumn(search)} ${remedy(search)}`);
    return null;
  }

  #reportUnusable(search: ColumnSearch, column: FoundColumn): void {
    if (search.concept.need === 'optional') {
      this.warnings.push(`${wrongType(search, column)} It is not used.`);
    } else {
      this.faults.push(`${wrongType(search, column)} ${remedy(search)}`);
    }
  }
}

interface ColumnSearch {
  concept: Concept;
  relation: FoundRelation;
  /** The relation's name as configured. */
  name: string;
  variable: RelationVariable;
}

/** The column of a usual name, and those that differ from it in case and underscores only, as `imageUrl` does. */
function columnsCalled(relation: FoundRelation, usual: string): FoundColumn[] {
  const columns = readableColumns(relation);
  const exact = columns.filter(({ name }) => name === usual);
  const similar = columns.filter(({ name }) => name !== usual && plain(name) === plain(usual));
  return [...exact, ...similar];
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

function noColumn({ concept, relation, name }: ColumnSearch): string {
  return `\`${name}\` has no ${concept.setting} column. Looked for: ${concept.names.join(', ')}. ${describeColumns(relation)}`;
}

function wrongType({ concept, name }: ColumnSearch, column: FoundColumn): string {
  return (
    `\`${name}\`.\`${column.name}\` is of type ${column.type}, which ${concept.setting} can't be read from. ` +
    `Accepted: ${acceptedTypes[concept.use]}.`
  );
}

function remedy({ concept, variable }: ColumnSearch): string {
  return `Set CATALOG_COLUMNS=${concept.setting}=<column>, or ${variable} to a view that has one.`;
}

const SHOWN_RELATIONS = 20;

function noRelation({ variable, name, found }: { variable: RelationVariable; name: string; found: string[] }): string {
  const shown = found.slice(0, SHOWN_RELATIONS).join(', ');
  const more = found.length > SHOWN_RELATIONS ? ` and ${found.length - SHOWN_RELATIONS} more` : '';
  return (
    `There is no table or view \`${name}\` that the database user may read. Found: ${shown === '' ? 'none' : shown}${more}. ` +
    `Set ${variable} to the table or view of ${WHAT_IT_HOLDS[variable]}.`
  );
}
