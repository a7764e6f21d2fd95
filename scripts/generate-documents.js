/** Writes the typed documents of `@lookalike/apollo`, out of schema.graphql and the `.graphql` files beside their place. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import * as documentNodes from '@graphql-codegen/typed-document-node';
import { parse } from 'graphql';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'packages/apollo/src/documents');
const target = join(root, 'packages/apollo/src/generated');

/** How the scalars of the API look in a browser. */
const scalars = { ID: 'string', DateTimeISO: 'string', Upload: 'Blob' };

/** @throws where a document does not fit the schema. */
export async function generateDocuments() {
  const names = (await readdir(source)).filter((name) => name.endsWith('.graphql')).sort();
  const documents = await Promise.all(
    names.map(async (name) => ({ location: name, document: parse(await readFile(join(source, name), 'utf8')) })),
  );
  const content = await codegen({
    filename: 'operations.ts',
    schema: parse(await readFile(join(root, 'schema.graphql'), 'utf8')),
    documents,
    config: {
      scalars,
      useTypeImports: true,
      enumType: 'string-literal',
      skipTypename: true,
      documentMode: 'documentNode',
    },
    plugins: [{ operations: {} }, { documentNodes: {} }],
    pluginMap: { operations, documentNodes },
  });
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'operations.ts'), content);
}

if (import.meta.filename === process.argv[1]) await generateDocuments();
