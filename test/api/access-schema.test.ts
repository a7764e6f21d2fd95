import { isObjectType } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSchemaForPrinting } from '../../src/resolvers/make-schema.js';
import { fieldsOf, nameOf, operationFor, queryFor, rootFields, type FieldOf } from '../support/any-operation.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';
import { REQUEST_WAYS, SUBSCRIPTION_WAYS, type SeenError, type WayIn } from '../support/ways-in.js';

const READ_TOKEN = 'the-read-token-of-the-tests';

/** What anybody may ask for where PUBLIC_ACCESS is search. All that is not named here is the admin's. */
const PUBLIC_ROOT_FIELDS = [
  'Query.embeddingModels',
  'Query.embeddingStatus',
  'Query.product',
  'Query.productFacets',
  'Query.queryImage',
  'Query.searchProducts',
  'Query.similarProducts',
  'Query.similarToProduct',
  'Mutation.createQueryImage',
  'Subscription.embeddingStatus',
];

/** The same, of what resolvers work out on other types than the root ones. */
const PUBLIC_RESOLVED_FIELDS = [
  'EmbeddingModel.activatedAt',
  'EmbeddingModel.coverage',
  'EmbeddingModel.embeddings',
  'EmbeddingModel.state',
  'ImageFailure.product',
  'Product.images',
  'Product.mainImage',
  'Product.similarProducts',
  'ProductImage.url',
  'QueryImage.similarProducts',
];

const schema = makeSchemaForPrinting();
const adminRoots = rootFields(schema).filter((root) => !PUBLIC_ROOT_FIELDS.includes(nameOf(root)));
const resolvedFields = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type))
  .flatMap(fieldsOf)
  .filter(isResolved);
const adminFields = resolvedFields.filter((field) => !PUBLIC_RESOLVED_FIELDS.includes(nameOf(field)));

/** Whether a method of a resolver gives it; it may do anything then, as root fields do. */
function isResolved({ type, field }: FieldOf): boolean {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  const target = objectTypes.find(({ name }) => name === type.name)?.target;
  return fieldResolvers.some(({ getObjectType, schemaName }) => {
    return target !== undefined && getObjectType?.() === target && schemaName === field.name;
  });
}

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 1, env: { READ_TOKEN } });
  // So that there is something to be refused below it.
  await shop.backfill();
});

afterAll(() => shop.close());

const codesOf = (errors: readonly SeenError[]): unknown[] => errors.map(({ extensions }) => extensions.code);

/** Ways that carry an operation of this type as far as its resolver. */
function waysFor(type: string): [string, WayIn][] {
  if (type === 'Subscription') return Object.entries(SUBSCRIPTION_WAYS);
  return Object.entries(REQUEST_WAYS).filter(([name]) => type === 'Query' || name !== 'by GET');
}

const CALLERS = [
  ['without a token', undefined, 'UNAUTHENTICATED'],
  ['with a wrong token', 'Bearer not-a-token-that-is-known', 'UNAUTHENTICATED'],
  ['with a read token', `Bearer ${READ_TOKEN}`, 'FORBIDDEN'],
] as const;

describe('the lists of what is public', () => {
  it('name nothing that is not there', () => {
    const there = [...rootFields(schema), ...resolvedFields].map(nameOf);
    expect([...PUBLIC_ROOT_FIELDS, ...PUBLIC_RESOLVED_FIELDS].filter((name) => !there.includes(name))).toEqual([]);
    expect(adminRoots.length).toBeGreaterThan(8);
    expect(adminFields.map(nameOf)).toEqual(['EmbeddingBackfill.failures', 'EmbeddingBackfill.failureCounts']);
  });
});

describe.each(CALLERS)('%s', (_who, authorization, code) => {
  it.each(adminRoots.map((root) => [nameOf(root), root] as const))('refuses %s', async (_name, root) => {
    for (const [way, send] of waysFor(root.type.name)) {
      expect([way, codesOf(await send(shop.app, operationFor(root), authorization))]).toEqual([way, [code]]);
    }
  });

  it.each(adminFields.map((field) => [nameOf(field), field] as const))('refuses %s', async (_name, field) => {
    const query = queryFor(schema, field);
    for (const [way, send] of waysFor('Query')) {
      expect([way, codesOf(await send(shop.app, String(query), authorization))]).toEqual([way, [code]]);
    }
  });
});

describe('a way in that is for other operations', () => {
  const queries = adminRoots.filter(({ type }) => type.name !== 'Subscription');
  const mutations = adminRoots.filter(({ type }) => type.name === 'Mutation');

  it.each(Object.entries(SUBSCRIPTION_WAYS))(
    'refuses all queries and mutations to admins too: %s',
    async (_way, send) => {
      for (const root of queries) {
        const errors = await send(shop.app, operationFor(root), `Bearer ${ADMIN_TOKEN}`);
        expect(errors[0]?.message).toMatch(/^Only subscriptions are served /);
      }
    },
  );

  it('refuses all mutations by GET to admins too', async () => {
    for (const root of mutations) {
      const errors = await REQUEST_WAYS['by GET'](shop.app, operationFor(root), `Bearer ${ADMIN_TOKEN}`);
      expect(errors[0]?.message).toMatch(/GET/);
    }
  });
});
