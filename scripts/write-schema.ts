/** Writes schema.graphql from the resolvers; with `--check` only says whether the committed one is stale. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { projectRoot } from '../src/paths.js';
import { makeSchemaForPrinting } from '../src/resolvers/make-schema.js';

const file = join(projectRoot, 'schema.graphql');
const printed = `${printSchema(lexicographicSortSchema(makeSchemaForPrinting()))}\n`;

if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8')) !== printed) {
    console.error('schema.graphql is stale: run `npm run schema`.');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, printed);
}
