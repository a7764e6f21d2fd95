import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { FIELD_WORK, LIST_SIZES, type FieldWork } from './field-costs.js';

/** What an operation asks for, at most. */
export interface OperationDemand {
  /** A row is 1, a search 20, an inference 100. */
  cost: number;
  searches: number;
  /** Photographs that the model encodes. */
  uploads: number;
}

/** A valid operation with its variables as they came. */
export interface CountedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

const SEARCH_COST = 20;
const INFERENCE_COST = 100;

const NOTHING: OperationDemand = { cost: 0, searches: 0, uploads: 0 };

/** Nothing of an operation is resolved whose variables are not of their types. */
export function costOf(schema: GraphQLSchema, { document, operation, variables }: CountedOperation): OperationDemand {
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  const root = schema.getRootType(operation.operation);
  if (coerced.errors !== undefined || !root) return NOTHING;
  return new DemandCount(document, coerced.coerced).ofSelections(operation.selectionSet, root, NO_ROWS);
}

/** How many rows the lists have that a field is in. */
interface Rows {
  page: number;
  /** In lists within those rows; null where it is no other. */
  inner: number | null;
}

const NO_ROWS: Rows = { page: 1, inner: null };

/**
 * Goes over the fields of an operation. A fragment is counted once for each page size that it is spread under, so that the time
 * grows with the document, however much its fragments repeat each other.
 */
class DemandCount {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #counted = new Map<string, OperationDemand>();

  constructor(
    document: DocumentNode,
    private readonly variables: Record<string, unknown>,
  ) {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  ofSelections({ selections }: SelectionSetNode, type: GraphQLObjectType, rows: Rows): OperationDemand {
    return selections
      .filter((selection) => this.#isAsked(selection))
      .map((selection) => this.#ofSelection(selection, type, rows))
      .reduce(sum, NOTHING);
  }

  #ofSelection(selection: SelectionNode, type: GraphQLObjectType, rows: Rows): OperationDemand {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#ofField(selection, type, rows);
      case Kind.INLINE_FRAGMENT:
        return this.ofSelections(selection.selectionSet, type, rows);
      case Kind.FRAGMENT_SPREAD:
        return this.#ofFragment(selection.name.value, type, rows);
    }
  }

  #ofFragment(name: string, type: GraphQLObjectType, rows: Rows): OperationDemand {
    const key = `${name} ${rows.page} ${rows.inner}`;
    const known = this.#counted.get(key);
    const fragment = this.#fragments.get(name);
    if (known !== undefined || fragment === undefined) return known ?? NOTHING;
    const counted = this.ofSelections(fragment.selectionSet, type, rows);
    this.#counted.set(key, counted);
    return counted;
  }

  #ofField(node: FieldNode, parent: GraphQLObjectType, around: Rows): OperationDemand {
    const field = parent.getFields()[node.name.value];
    // `__typename`, `__schema` and `__type`: what those may ask for is limited by rules of validation.
    if (field === undefined) return NOTHING;
    const work = this.#workOf(field, node, parent);
    if (work === null) return NOTHING;
    const type = getNamedType(field.type);
    if (!isObjectType(type) || node.selectionSet === undefined) return demandOf(work);
    const isList = isListType(getNullableType(field.type));
    const own = work.rows === undefined ? around : { page: work.rows, inner: work.innerRows ?? null };
    const inside = isList && own.inner !== null ? { page: own.inner, inner: null } : own;
    const row = sum(this.ofSelections(node.selectionSet, type, inside), { ...NOTHING, cost: 1 });
    return sum(demandOf(work), times(row, isList ? listSize(`${parent.name}.${field.name}`, own) : 1));
  }

  /** Null for a field that is not resolved, as its arguments are not of their types. */
  #workOf(field: GraphQLField<unknown, unknown>, node: FieldNode, parent: GraphQLObjectType): FieldWork | null {
    try {
      return FIELD_WORK[`${parent.name}.${field.name}`]?.(getArgumentValues(field, node, this.variables)) ?? {};
    } catch {
      return null;
    }
  }

  #isAsked(selection: SelectionNode): boolean {
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, this.variables);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, this.variables);
    return skip?.if !== true && include?.if !== false;
  }
}

function listSize(name: string, rows: Rows): number {
  const size = LIST_SIZES[name] ?? 'page';
  return size === 'page' ? rows.page : size;
}

function demandOf({ searches = 0, texts = 0, uploads = 0 }: FieldWork): OperationDemand {
  return { cost: SEARCH_COST * searches + INFERENCE_COST * (texts + uploads), searches, uploads };
}

function sum(one: OperationDemand, other: OperationDemand): OperationDemand {
  return {
    cost: one.cost + other.cost,
    searches: one.searches + other.searches,
    uploads: one.uploads + other.uploads,
  };
}

function times(row: OperationDemand, rows: number): OperationDemand {
  return { cost: row.cost * rows, searches: row.searches * rows, uploads: row.uploads * rows };
}
