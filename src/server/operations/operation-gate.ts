import type { DocumentNode, GraphQLSchema, OperationDefinitionNode, ValidationRule } from 'graphql';
import { AppError } from '../../errors.js';
import type { RequestContext } from '../../resolvers/context.js';
import type { DocumentConfig } from '../../server-config.js';
import { queryOf, type AskedDocument } from '../documents/asked-document.js';
import type { TrustedDocuments } from '../documents/trusted-documents.js';
import { DOCUMENT_LIMITS, MAX_TOKENS, MAX_VALIDATION_ERRORS } from './document-limits.js';
import { limitVariables } from './limit-variables.js';
import { costOf, type OperationDemand } from './operation-cost.js';

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
  /** How documents are validated: how many errors are told, and whether with what would have been right. */
  validationOptions: { maxErrors: number; hideSuggestions: boolean };
  /**
   * The document that a request has, or that it names, before it is parsed; null where it has none, and names none that is known here.
   *
   * @throws AppError FORBIDDEN where only trusted documents are executed, for any other.
   */
  sourceOf(asked: AskedDocument): string | null;
  /** @throws AppError where it may not run: of the viewer, for its cost, or as the client has had its share. */
  admit(operation: AskedOperation): Promise<void>;
}

/** @throws AppError where an operation that asks for so much may not run. */
export type AdmissionCheck = (asked: AskedOperation, demand: OperationDemand) => void | Promise<void>;

export interface OperationGateOptions extends Pick<DocumentConfig, 'introspection' | 'maxCost'> {
  schema: GraphQLSchema;
  /** Null executes any document. */
  trusted: TrustedDocuments | null;
  /** What is checked beside the cost, and after it, in this order. */
  checks: readonly AdmissionCheck[];
}

/** Makes the gate of a server. */
export function makeOperationGate(options: OperationGateOptions): OperationGate {
  const { schema, trusted, introspection, maxCost } = options;
  const checks = [limitCost(maxCost), ...options.checks];
  return {
    parseOptions: { maxTokens: MAX_TOKENS },
    rules: DOCUMENT_LIMITS,
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS, hideSuggestions: !introspection },
    sourceOf: (asked) => (trusted === null ? queryOf(asked) : trusted.find(asked)),
    admit: async (asked) => {
      limitVariables(asked.variables);
      const demand = costOf(schema, asked);
      for (const check of checks) await check(asked, demand);
    },
  };
}

function limitCost(maxCost: number): AdmissionCheck {
  return (_asked, { cost }) => {
    if (cost <= maxCost) return;
    const message = `The operation costs ${cost}, and at most ${maxCost} is taken: ask for fewer rows or searches at a time.`;
    throw new AppError('BAD_USER_INPUT', message, { details: { cost, maxCost } });
  };
}
