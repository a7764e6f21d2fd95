import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InMemoryCache } from '@apollo/client';
import { getOperationAST, parse, print, specifiedRules, validate, type DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as kit from '../../packages/apollo/src/generated/operations.js';
import { pageDocuments } from '../../scripts/page-documents.js';
import { loadConfig } from '../../src/config.js';
import { projectRoot } from '../../src/paths.js';
import { makeSchemaForPrinting } from '../../src/resolvers/make-schema.js';
import { makeTrustedDocuments } from '../../src/server/documents/trusted-documents.js';
import { MAX_TOKENS } from '../../src/server/operations/document-limits.js';
import { makeOperationGate } from '../../src/server/operations/operation-gate.js';
import { costOf } from '../../src/server/operations/operation-cost.js';
import { MAX_COMPARED_PRODUCTS } from '../../src/services/compare-models.js';
import { readOperations } from '../../web/src/graphiql/read-operations.js';

const schema = makeSchemaForPrinting();
const { documents } = loadConfig({}).server;
const gate = makeOperationGate({ ...documents, schema, trusted: null, checks: [] });

/** As Apollo Client sends them, with a `__typename` wherever there can be one. */
const cache = new InMemoryCache();
const ofKit = Object.entries(kit as Record<string, unknown>)
  .filter((entry): entry is [string, DocumentNode] => entry[0].endsWith('Document'))
  .map(([name, document]) => ({ name, text: print(cache.transformDocument(document)), variables: variablesFor(name) }));

/** As much as the page asks for anywhere, and whatever else has to be given. */
function variablesFor(name: string): Record<string, unknown> {
  if (name.startsWith('CompareEmbeddingModels')) {
    return { productIds: Array.from({ length: MAX_COMPARED_PRODUCTS }, (_, index) => String(index)), limit: 8 };
  }
  const input = { text: 'red mug', unlike: [{ text: 'striped' }, { text: 'green' }] };
  return { id: '1', backfillId: '1', first: 100, limit: 100, minKind: 'NEAR_DUPLICATE', input };
}

const folder = join(projectRoot, 'web', 'src', 'graphiql', 'operations');
const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const ofGraphiql = readOperations(files).map(({ name, query, variables }) => ({
  name: `GraphiQL's ${name}`,
  text: query,
  variables: JSON.parse(variables || '{}') as Record<string, unknown>,
}));

describe("the page's manifest of trusted documents", () => {
  it.each(ofKit)('has $name', async ({ text }) => {
    const { operations } = await pageDocuments();
    const trusted = makeTrustedDocuments(new Map(operations.map(({ id, body }) => [id, body])));
    expect(trusted.find({ query: text })).toBe(text);
  });
});

describe('the limits that a server has by default', () => {
  it('are tried with the operations of the page and of GraphiQL', () => {
    expect([ofKit.length, ofGraphiql.length].every((count) => count > 10)).toBe(true);
  });

  it.each([...ofKit, ...ofGraphiql])('take the operation $name', ({ text, variables }) => {
    const document = parse(text, gate.parseOptions);
    expect(validate(schema, document, [...specifiedRules, ...gate.rules], gate.validationOptions)).toEqual([]);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('There is no operation.');
    const { cost } = costOf(schema, { document, operation, variables });
    expect(cost).toBeLessThanOrEqual(documents.maxCost);
    // Half of it stays for what they may have to ask for some day.
    expect(() => parse(text, { maxTokens: MAX_TOKENS / 2 })).not.toThrow();
  });
});
