import { Kind, parse, type OperationDefinitionNode } from 'graphql';

/** In the order in which they are shown: what a shop begins with first, administration last. */
export const OPERATION_GROUPS = ['Search', 'Photographs', 'Products', 'Embedding', 'Models'] as const;

export type OperationGroup = (typeof OPERATION_GROUPS)[number];

/** An operation that is there to be tried. */
export interface SampleOperation {
  /** The name that it has in its document, and that its tab has. */
  name: string;
  group: OperationGroup;
  /** What it is for, in a sentence or two. */
  description: string;
  /** Whether it takes the admin token. */
  isAdmin: boolean;
  kind: 'query' | 'mutation' | 'subscription';
  /** The document, comments and all. */
  query: string;
  /** Its variables as JSON; empty where it takes none. */
  variables: string;
}

/** The line by which a document says so. */
const NEEDS_TOKEN = 'Needs the admin token.';

/**
 * Makes sample operations of files `operations/NN-name.graphql` and the variables in `operations/NN-name.json`. The first
 * digit says the group, the number the order, and the comment at the top what the operation is for.
 *
 * @param files - their contents by their paths.
 */
export function readOperations(files: Readonly<Record<string, string>>): SampleOperation[] {
  return Object.keys(files)
    .filter((path) => path.endsWith('.graphql'))
    .sort()
    .map((path) => readOperation(path, files[path] ?? '', files[path.replace(/graphql$/, 'json')] ?? ''));
}

function readOperation(path: string, query: string, variables: string): SampleOperation {
  const { name, operation } = onlyOperation(path, query);
  const comment = commentAbove(query);
  return {
    name,
    group: groupOf(path),
    description: comment.filter((line) => line !== NEEDS_TOKEN).join(' '),
    isAdmin: comment.includes(NEEDS_TOKEN),
    kind: operation,
    query,
    variables: variables.trimEnd(),
  };
}

function onlyOperation(path: string, query: string): { name: string; operation: OperationDefinitionNode['operation'] } {
  const [definition, ...others] = parse(query).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || definition.name === undefined || others.length > 0) {
    throw new Error(`${path} has to hold one operation, with a name.`);
  }
  return { name: definition.name.value, operation: definition.operation };
}

function commentAbove(query: string): string[] {
  const lines = query.split('\n');
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith('#')),
    )
    .map((line) => line.replace(/^# */, ''));
}

function groupOf(path: string): OperationGroup {
  const digit = /(\d)\d-[^/]*$/.exec(path)?.[1];
  const group = OPERATION_GROUPS[Number(digit)];
  if (group === undefined) throw new Error(`${path} has to begin with a number below ${OPERATION_GROUPS.length}0.`);
  return group;
}
