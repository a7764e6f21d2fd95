/**
 * What each field of the schema asks for: the one table that the cost of an operation is counted by. A test walks the schema and
 * fails where a field with arguments, or a list, is missing here.
 */

/** The work of one field, beside what is selected in it. */
export interface FieldWork {
  /** Searches that it runs. */
  searches?: number;
  /** Texts that the model encodes for it. */
  texts?: number;
  /** Photographs that the model encodes for it. */
  uploads?: number;
  /** Rows that lists below it have, where {@link LIST_SIZES} says `page`. */
  rows?: number;
  /** The same for lists within those rows. */
  innerRows?: number;
}

/** Arguments with defaults filled in, as resolvers get them. */
export type FieldArguments = Readonly<Record<string, unknown>>;

const search = ({ limit }: FieldArguments): FieldWork => ({ searches: 1, rows: rowsOf(limit) });

const page = ({ first }: FieldArguments): FieldWork => ({ rows: rowsOf(first) });

const nothing = (): FieldWork => ({});

/** Every field with arguments. */
export const FIELD_WORK: Readonly<Record<string, (given: FieldArguments) => FieldWork>> = {
  'Query.similarProducts': (given) => ({ ...search(given), uploads: isGiven(given.image) ? 1 : 0 }),
  'Query.similarToProduct': search,
  'Query.searchProducts': (given) => ({ ...search(given), texts: textsOf(given.input) }),
  'Product.similarProducts': search,
  'QueryImage.similarProducts': search,
  'Query.product': nothing,
  'Query.queryImage': nothing,
  'Query.productFacets': page,
  'Query.embeddingStatus': nothing,
  'Query.embeddingBackfill': nothing,
  'Query.embeddingBackfills': page,
  'EmbeddingBackfill.failures': page,
  'Query.duplicateProducts': (given) => ({ ...page(given), searches: 1 }),
  'Query.compareEmbeddingModels': ({ productIds, limit }) => {
    const products = rowsOf(lengthOf(productIds));
    return { searches: 2 * products, rows: products, innerRows: rowsOf(limit) };
  },
  'Mutation.createQueryImage': () => ({ uploads: 1 }),
  'Mutation.startEmbeddingBackfill': nothing,
  'Mutation.pauseEmbeddingBackfill': nothing,
  'Mutation.resumeEmbeddingBackfill': nothing,
  'Mutation.cancelEmbeddingBackfill': nothing,
  'Mutation.retryFailedImages': nothing,
  'Mutation.activateEmbeddingModel': nothing,
  'Mutation.dropEmbeddingModel': nothing,
  'Subscription.embeddingStatus': nothing,
};

/** How many objects every list of objects has: as many as were asked for (`page`), or a usual number. */
export const LIST_SIZES: Readonly<Record<string, number | 'page'>> = {
  'SimilarProductConnection.edges': 'page',
  'SimilarProductConnection.nodes': 'page',
  'EmbeddingBackfillConnection.edges': 'page',
  'EmbeddingBackfillConnection.nodes': 'page',
  'ImageFailureConnection.edges': 'page',
  'ImageFailureConnection.nodes': 'page',
  'DuplicateProductConnection.edges': 'page',
  'DuplicateProductConnection.nodes': 'page',
  'DuplicateProductPair.images': 2,
  'DuplicateProductPair.products': 2,
  'ModelComparison.products': 'page',
  'ProductFacets.brands': 'page',
  'ProductFacets.categories': 'page',
  'Product.images': 5,
  'Query.embeddingModels': 5,
  'EmbeddingBackfill.failureCounts': 15,
  'ActivateEmbeddingModelPayload.userErrors': 1,
  'CreateQueryImagePayload.userErrors': 1,
  'DropEmbeddingModelPayload.userErrors': 1,
  'EmbeddingBackfillPayload.userErrors': 1,
  'RetryFailedImagesPayload.userErrors': 1,
  'StartEmbeddingBackfillPayload.userErrors': 1,
};

/** No page has more. What asks for more is refused by the service, which knows its own limit. */
const MAX_ROWS = 200;

function rowsOf(asked: unknown): number {
  return typeof asked === 'number' ? Math.min(Math.max(asked, 0), MAX_ROWS) : 0;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/** The words of a question, and those that products should not look like. */
function textsOf(input: unknown): number {
  const { text, unlike } = (input ?? {}) as { text?: unknown; unlike?: unknown };
  const counterexamples = Array.isArray(unlike) ? (unlike as { text?: unknown }[]) : [];
  return [text, ...counterexamples.map((one) => one.text)].filter(isGiven).length;
}
