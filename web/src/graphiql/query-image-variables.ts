import { Kind, parse, visit, type ArgumentNode, type FieldNode, type ObjectFieldNode } from 'graphql';

/** The argument, input field, and by custom the variable, that a photograph is searched with. */
const QUERY_IMAGE_ID = 'queryImageId';

/**
 * The variables of a document that take the id of a photograph: those that are called `queryImageId`, that are the value of an
 * argument or input field of that name, or the id of the query `queryImage`. Empty where there are none, or where the document
 * can't be parsed.
 */
export function queryImageVariablesOf(query: string): string[] {
  const names = new Set<string>();
  const note = ({ name, value }: ArgumentNode | ObjectFieldNode, field = QUERY_IMAGE_ID): void => {
    if (name.value === field && value.kind === Kind.VARIABLE) names.add(value.name.value);
  };
  try {
    visit(parse(query), {
      VariableDefinition: ({ variable }) => {
        if (variable.name.value === QUERY_IMAGE_ID) names.add(QUERY_IMAGE_ID);
      },
      Argument: (argument) => note(argument),
      ObjectField: (field) => note(field),
      Field: (field) => idsOfQueryImage(field).forEach((argument) => note(argument, 'id')),
    });
  } catch {
    return [];
  }
  return [...names];
}

function idsOfQueryImage({ name, arguments: given = [] }: FieldNode): readonly ArgumentNode[] {
  return name.value === 'queryImage' ? given : [];
}
