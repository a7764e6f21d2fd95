import type { DocumentNode, OperationDefinitionNode, ValidationRule } from 'graphql';
import type { RequestContext } from '../../resolvers/context.js';
import type { DocumentConfig } from '../../server-config.js';

/** An operation that is valid, and has not run yet. */
export interface AskedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As they came, defaults not filled in. */
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
}

/**
 * What every operation passes before it runs, over HTTP, WebSocket and event streams alike: no transport has rules of its own.
 */
export interface OperationGate {
  /** How documents are parsed. */
  parseOptions: { maxTokens: number };
  /** Rules of validation beside GraphQL's own. */
  rules: readonly ValidationRule[];
  /** @throws AppError for a document that is not one of the trusted ones, before it is parsed. */
  checkSource(source: string): void;
  /** @throws AppError where it may not run: of the viewer, for its cost, or as the client has had its share. */
  admit(operation: AskedOperation): Promise<void>;
}

const MAX_TOKENS = 2000;

export function makeOperationGate(_options: DocumentConfig): OperationGate {
  return {
    parseOptions: { maxTokens: MAX_TOKENS },
    rules: [],
    checkSource: () => undefined,
    admit: async () => undefined,
  };
}
