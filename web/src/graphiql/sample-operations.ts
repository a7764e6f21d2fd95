import { readOperations, type SampleOperation } from './read-operations.js';

const files = import.meta.glob<string>('./operations/*.{graphql,json}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** An operation for every field of the API, in an order that teaches. */
export const SAMPLE_OPERATIONS: readonly SampleOperation[] = readOperations(files);

/** What searches with a photograph, where the operation at hand does not. */
export const BY_PHOTOGRAPH = sampleOperation('SimilarProductsByPhotograph');

/** The tabs of a first visit; more than a handful can't be told apart. The panel has them all. */
export const FIRST_TABS: readonly SampleOperation[] = [
  'SearchByWords',
  'SimilarToProduct',
  'SimilarProductsByPhotograph',
  'WatchEmbeddingStatus',
].map(sampleOperation);

function sampleOperation(name: string): SampleOperation {
  const found = SAMPLE_OPERATIONS.find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`There is no sample operation "${name}".`);
  return found;
}
