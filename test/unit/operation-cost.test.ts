import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getNamedType, getOperationAST, isListType, isObjectType, getNullableType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/paths.js';
import { makeSchemaForPrinting } from '../../src/resolvers/make-schema.js';
import { FIELD_WORK, LIST_SIZES } from '../../src/server/operations/field-costs.js';
import { costOf } from '../../src/server/operations/operation-cost.js';

const schema = makeSchemaForPrinting();

function count(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('There is no operation.');
  return costOf(schema, { document, operation, variables });
}

const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })));

describe('the table of costs', () => {
  it('has every field with arguments, and no other', () => {
    const withArguments = fields.filter(({ field }) => field.args.length > 0).map(({ name }) => name);
    expect(Object.keys(FIELD_WORK).toSorted()).toEqual(withArguments.toSorted());
  });

  it('has every list of objects, and no other', () => {
    const lists = fields
      .filter(({ field }) => isListType(getNullableType(field.type)) && isObjectType(getNamedType(field.type)))
      .map(({ name }) => name);
    expect(Object.keys(LIST_SIZES).toSorted()).toEqual(lists.toSorted());
  });
});

describe('the cost of an operation', () => {
  it('is 1 for a row', () => {
    expect(count('{ product(id: "1") { id title mainImage { url } } }')).toEqual({ cost: 2, searches: 0, uploads: 0 });
  });

  it('is 20 for a search beside its rows, as many as were asked for', () => {
    const searched = { searches: 1, uploads: 0 };
    expect(count('{ similarToProduct(id: 1) { nodes { id } } }')).toEqual({ cost: 20 + 1 + 12, ...searched });
    expect(count('{ similarToProduct(id: 1, limit: 50) { nodes { id } } }')).toEqual({ cost: 71, ...searched });
    const query = 'query ($limit: Int! = 30) { similarToProduct(id: 1, limit: $limit) { edges { node { id } } } }';
    expect(count(query)).toEqual({ cost: 20 + 1 + 2 * 30, ...searched });
    expect(count(query, { limit: 10 })).toEqual({ cost: 20 + 1 + 2 * 10, ...searched });
  });

  it('is 100 for a photograph, and for each text', () => {
    const upload = 'query ($image: Upload) { similarProducts(image: $image) { status } }';
    expect(count(upload, { image: null })).toEqual({ cost: 21, searches: 1, uploads: 0 });
    expect(count('mutation { createQueryImage(input: { url: "https://a.example/" }) { queryImage { id } } }')).toEqual({
      cost: 102,
      searches: 0,
      uploads: 1,
    });
    const words = '{ searchProducts(input: { text: "mug", unlike: [{ text: "red" }, { productId: 1 }] }) { status } }';
    expect(count(words)).toEqual({ cost: 221, searches: 1, uploads: 0 });
  });

  it('multiplies searches within the rows of a search', () => {
    const query = '{ similarToProduct(id: 1, limit: 10) { nodes { similarProducts(limit: 5) { nodes { id } } } } }';
    expect(count(query)).toEqual({ cost: 20 + 1 + 10 * (1 + 20 + 1 + 5), searches: 11, uploads: 0 });
  });

  it('counts both answers of a comparison for each of its products', () => {
    const query = `query ($ids: [ID!]!) { compareEmbeddingModels(productIds: $ids, limit: 5) {
      products { baseline { nodes { id } } candidate { nodes { id } } }
    } }`;
    expect(count(query, { ids: ['1', '2', '3'] })).toEqual({
      cost: 3 * 40 + 1 + 3 * (1 + 2 * (1 + 5)),
      searches: 6,
      uploads: 0,
    });
  });

  it('is what the documentation says of its example', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'limits.md'), 'utf8');
    const [, query = ''] = /^```graphql\n(.+?)^```/ms.exec(page) ?? [];
    const { cost, searches } = count(query);
    expect(page).toContain(` = ${cost}, and ${searches} searches`);
  });

  it('is the same in fragments, however they are nested, and without what is skipped', () => {
    const fragment = `fragment F on Product { ...G ...G } fragment G on Product { similarProducts { nodes { id } } }`;
    const plain = count('{ product(id: 1) { ...F } } ' + fragment);
    expect(plain).toEqual({ cost: 1 + 2 * (20 + 1 + 12), searches: 2, uploads: 0 });
    const skipped = 'query ($no: Boolean!) { product(id: 1) { ...F @include(if: $no) ... @skip(if: true) { ...F } } } ';
    expect(count(skipped + fragment, { no: false })).toEqual({ cost: 1, searches: 0, uploads: 0 });
  });

  it('is counted of a fragment once, though it is spread a billion times', () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      return `fragment F${level} on Product { ...F${level + 1} ...F${level + 1} }`;
    });
    const last = 'fragment F30 on Product { similarProducts { status } }';
    expect(count(`{ product(id: 1) { ...F0 } } ${levels.join(' ')} ${last}`).searches).toBe(2 ** 30);
  });

  it('takes no more rows than any page has, and none for what is no number of rows', () => {
    const rows = (limit: number) => count(`{ similarToProduct(id: 1, limit: ${limit}) { nodes { id } } }`).cost - 21;
    expect([rows(1_000_000), rows(-5)]).toEqual([200, 0]);
  });

  it('is nothing where the variables are not of their types, as nothing is resolved then', () => {
    const query = 'query ($id: ID!) { similarToProduct(id: $id) { nodes { id } } }';
    expect(count(query, { id: {} })).toEqual({ cost: 0, searches: 0, uploads: 0 });
  });
});
