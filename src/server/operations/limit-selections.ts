import {
  GraphQLError,
  Kind,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
  type VariableDefinitionNode,
} from 'graphql';

export interface SelectionLimits {
  maxSelections: number;
  maxDirectives: number;
}

interface Size {
  selections: number;
  directives: number;
}

const EMPTY: Size = { selections: 0, directives: 0 };

/**
 * Limits how many fields, fragments and directives an operation has once its fragments are put in their places. A fragment is
 * counted once, so that the time grows with the document and not with what it stands for.
 */
export function limitSelections({ maxSelections, maxDirectives }: SelectionLimits): ValidationRule {
  return (context) => {
    const sizeOf = makeSizeOf((name) => context.getFragment(name) ?? null);
    const refuse = (message: string) => context.reportError(new GraphQLError(message));
    return {
      OperationDefinition: (node) => {
        const { selections, directives } = sizeOf(node);
        if (selections > maxSelections) {
          refuse(`The operation has ${selections} fields and fragments, and at most ${maxSelections} are taken.`);
        }
        if (directives > maxDirectives) {
          refuse(`The operation has ${directives} directives, and at most ${maxDirectives} are taken.`);
        }
      },
    };
  };
}

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

function makeSizeOf(find: (name: string) => FragmentDefinitionNode | null): (definition: Definition) => Size {
  const known = new Map<string, Size>();
  const ofFragment = (name: string): Size => {
    const size = known.get(name);
    if (size !== undefined) return size;
    // In a circle of fragments, which another rule refuses, the way back counts nothing.
    known.set(name, EMPTY);
    const fragment = find(name);
    const counted = fragment === null ? EMPTY : ofDefinition(fragment);
    known.set(name, counted);
    return counted;
  };
  const ofDefinition = (node: Definition): Size => {
    const variables = node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : [];
    const directives = variables.map(countOf).reduce((total, count) => total + count, countOf(node));
    return sum({ selections: 0, directives }, ofSelections(node.selectionSet));
  };
  const ofSelections = (set?: SelectionSetNode): Size => (set?.selections ?? []).map(ofSelection).reduce(sum, EMPTY);
  const ofSelection = (node: SelectionNode): Size =>
    sum(
      { selections: 1, directives: countOf(node) },
      node.kind === Kind.FRAGMENT_SPREAD ? ofFragment(node.name.value) : ofSelections(node.selectionSet),
    );
  return ofDefinition;
}

function countOf({ directives = [] }: Definition | SelectionNode | VariableDefinitionNode): number {
  return directives.length;
}

function sum(one: Size, other: Size): Size {
  return { selections: one.selections + other.selections, directives: one.directives + other.directives };
}
