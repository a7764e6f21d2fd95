import { getOperationAST, parse, type OperationDefinitionNode } from 'graphql';

/**
 * The operation of a document that is to be executed; null where there is none, or several and none of that name.
 *
 * @param name - what GraphiQL takes for it, which for a moment after a change of tabs is another tab's: then it is the only
 * one there is.
 */
export function operationOf(query: string, name: string | null | undefined): OperationDefinitionNode | null {
  try {
    const document = parse(query);
    return getOperationAST(document, name) ?? getOperationAST(document) ?? null;
  } catch {
    return null;
  }
}
