/**
 * The documents of the page and of `@lookalike/apollo`, as a manifest. A server that executes trusted documents only takes these too, or
 * its own page would not work.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, print, separateOperations } from 'graphql';

const folder = fileURLToPath(new URL('../packages/apollo/src/documents', import.meta.url));

/** @returns a manifest in the form of `@apollo/generate-persisted-query-manifest`. */
export async function pageDocuments() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const documents = separateOperations(parse(texts.join('\n')));
  return {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: Object.entries(documents).map(([name, document]) => describeOperation(name, document)),
  };
}

function describeOperation(name, document) {
  const body = print(document);
  const { operation } = document.definitions.find(({ kind }) => kind === 'OperationDefinition');
  return { id: createHash('sha256').update(body).digest('hex'), name, type: operation, body };
}
