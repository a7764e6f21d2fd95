import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/*
 * Operations made of nothing but the schema, so that a test can go over all there is and not over what it knows.
 */

/** A field of a type, by both names: `Query.product`. */
export interface FieldOf {
  type: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
}

export const nameOf = ({ type, field }: FieldOf): string => `${type.name}.${field.name}`;

export const fieldsOf = (type: GraphQLObjectType): FieldOf[] =>
  Object.values(type.getFields()).map((field) => ({ type, field }));

/** All fields of the root types. */
export function rootFields(schema: GraphQLSchema): FieldOf[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.flatMap((type) => (type ? fieldsOf(type) : []));
}

/** An operation that asks for a root field, with a value for whatever argument needs one. */
export function operationFor({ type, field }: FieldOf): string {
  return `${type.name.toLowerCase()} { ${askFor(field)} }`;
}

/** A query that gets to a field by way of fields that need no arguments; null where none does. */
export function queryFor(schema: GraphQLSchema, target: FieldOf): string | null {
  const query = schema.getQueryType();
  const ways: { type: GraphQLObjectType; path: string[] }[] = query ? [{ type: query, path: [] }] : [];
  const seen = new Set<string>();
  for (const { type, path } of ways) {
    if (type === target.type) return `{ ${[...path, askFor(target.field)].join(' { ')} ${'}'.repeat(path.length)} }`;
    for (const { field } of fieldsOf(type)) {
      const next = getNamedType(field.type);
      if (!isObjectType(next) || seen.has(next.name) || field.args.some(isRequiredArgument)) continue;
      seen.add(next.name);
      ways.push({ type: next, path: [...path, field.name] });
    }
  }
  return null;
}

function askFor(field: GraphQLField<unknown, unknown>): string {
  const values = field.args.filter(isRequiredArgument).map(({ name, type }) => `${name}: ${valueOf(type)}`);
  return `${field.name}${values.length === 0 ? '' : `(${values.join(', ')})`}${selectionOf(field.type)}`;
}

const selectionOf = (type: GraphQLOutputType): string => (isLeafType(getNamedType(type)) ? '' : ' { __typename }');

function valueOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return valueOf(type.ofType);
  if (isListType(type)) return `[${valueOf(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${required.map((field) => `${field.name}: ${valueOf(field.type)}`).join(', ')} }`;
  }
  if (isScalarType(type)) return SCALARS[type.name] ?? '"1"';
  throw new TypeError(`No value for ${String(type)}.`);
}

const SCALARS: Record<string, string> = { Int: '1', Float: '0.5', Boolean: 'true' };
