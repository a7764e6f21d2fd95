import { Kind, parse, print, visit, type DocumentNode, type SelectionNode } from 'graphql';

/**
 * A document in the one form that all documents of the same meaning share: without comments, layout, the order of its definitions,
 * and each `__typename` that Apollo Client puts in by itself.
 *
 * @throws GraphQLError where it is no GraphQL.
 */
export function normalDocument(source: string, options: { maxTokens: number }): string {
  const document: DocumentNode = visit(parse(source, { ...options, noLocation: true }), {
    SelectionSet: (set) => {
      const selections = set.selections.filter((selection) => !isPlainTypename(selection));
      // What asks for nothing else keeps one.
      return { ...set, selections: selections.length > 0 ? selections : set.selections.slice(0, 1) };
    },
  });
  return document.definitions.map(print).sort().join('\n');
}

function isPlainTypename(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD || selection.name.value !== '__typename') return false;
  return selection.alias === undefined && (selection.directives ?? []).length === 0;
}
