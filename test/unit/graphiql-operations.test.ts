import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  getVariableValues,
  isObjectType,
  Kind,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type OperationDefinitionNode,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/paths.js';
import { OPERATION_GROUPS, readOperations } from '../../web/src/graphiql/read-operations.js';

const folder = join(projectRoot, 'web', 'src', 'graphiql', 'operations');
const names = readdirSync(folder);
const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const operations = readOperations(files);
const schema = buildSchema(readFileSync(join(projectRoot, 'schema.graphql'), 'utf8'));

/** `Query.product`, for every field that an operation can begin with. */
const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  .filter(isObjectType)
  .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));

function fieldsOf(query: string): string[] {
  const found: string[] = [];
  const info = new TypeInfo(schema);
  const Field = (): void => {
    found.push(`${getNamedType(info.getParentType())?.name ?? ''}.${info.getFieldDef()?.name ?? ''}`);
  };
  visit(parse(query), visitWithTypeInfo(info, { Field }));
  return found;
}

function definitionOf(query: string): OperationDefinitionNode {
  const [definition] = parse(query).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.');
  return definition;
}

describe('the sample operations of GraphiQL', () => {
  it('use every query, mutation and subscription of the schema', () => {
    const used = new Set(operations.flatMap(({ query }) => fieldsOf(query)));
    expect(rootFields).toEqual(expect.arrayContaining(['Query.product', 'Mutation.createQueryImage']));
    expect(rootFields.filter((field) => !used.has(field))).toEqual([]);
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))('%s fits the schema', (_, operation) => {
    const { query, variables } = operation;
    expect(validate(schema, parse(query))).toEqual([]);
    const given = variables === '' ? {} : (JSON.parse(variables) as Record<string, unknown>);
    const definitions = definitionOf(query).variableDefinitions ?? [];
    expect(getVariableValues(schema, definitions, given).errors).toBeUndefined();
    expect(Object.keys(given).sort()).toEqual(definitions.map(({ variable }) => variable.name.value).sort());
  });

  it('each have a name of their own, and say what they are for', () => {
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
    expect(operations.filter(({ description }) => !/^[A-Z].+\.$/.test(description))).toEqual([]);
  });

  it('come in the order of their groups, and the administration is marked', () => {
    const groups = operations.map(({ group }) => OPERATION_GROUPS.indexOf(group));
    expect(groups).toEqual(groups.toSorted((one, other) => one - other));
    expect(operations[0]).toMatchObject({ name: 'SearchByWords', group: 'Search', isAdmin: false, kind: 'query' });
    expect(operations.at(-1)).toMatchObject({
      name: 'DropEmbeddingModel',
      group: 'Models',
      description: "Removes a model with its embeddings. The one that answers searches can't be dropped.",
      isAdmin: true,
      kind: 'mutation',
    });
  });

  it('have no variables without an operation', () => {
    const stray = names.filter((name) => !(name.replace(/json$/, 'graphql') in files));
    expect(stray).toEqual([]);
  });
});

describe('readOperations', () => {
  it('wants one operation with a name in each file', () => {
    const fault = 'operations/01-a.graphql has to hold one operation, with a name.';
    const read = (text: string) => () => readOperations({ 'operations/01-a.graphql': text });
    expect(read('{ embeddingModels { name } }')).toThrow(fault);
    expect(read('fragment A on Product { id }')).toThrow(fault);
    expect(read('query A { a } query B { b }')).toThrow(fault);
  });

  it('wants a number that belongs to a group', () => {
    const read = (path: string) => () => readOperations({ [path]: 'query A { a }' });
    expect(read('operations/51-a.graphql')).toThrow('operations/51-a.graphql has to begin with a number below 50.');
    expect(read('operations/a.graphql')).toThrow('operations/a.graphql has to begin with a number below 50.');
  });
});
