import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/paths.js';
import { makeSchemaForPrinting } from '../../src/resolvers/make-schema.js';

/** What a client can see, by its path: `Product.similarProducts(limit)`. */
interface Described {
  path: string;
  description: string | null | undefined;
}

/** The three root types go without: what there is to say stands on their fields. */
function describedParts(schema: GraphQLSchema): Described[] {
  const roots: unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  return types.flatMap((type) => {
    const own = roots.includes(type) ? [] : [{ path: type.name, description: type.description }];
    return [...own, ...membersOf(type)];
  });
}

function membersOf(type: GraphQLNamedType): Described[] {
  const at = (name: string) => `${type.name}.${name}`;
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description }) => ({ path: at(name), description }));
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map(({ name, description }) => ({ path: at(name), description }));
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, description, args }) => [
    { path: at(name), description },
    ...args.map((argument) => ({ path: `${at(name)}(${argument.name})`, description: argument.description })),
  ]);
}

describe('the schema', () => {
  it('describes every type, field, argument, input field and enum value', () => {
    const parts = describedParts(makeSchemaForPrinting());
    expect(parts.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'Product',
        'Product.similarProducts(limit)',
        'StartEmbeddingBackfillInput.scope',
        'UserErrorCode.CONFLICT',
        'Query.product(id)',
        'DateTimeISO',
      ]),
    );
    expect(parts.filter(({ description }) => !description?.trim()).map(({ path }) => path)).toEqual([]);
  });

  it('is what schema.graphql says; `npm run schema` writes it anew', async () => {
    const written = await readFile(join(projectRoot, 'schema.graphql'), 'utf8');
    expect(written).toBe(`${printSchema(lexicographicSortSchema(makeSchemaForPrinting()))}\n`);
  });
});
