import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, type ValidationRule } from 'graphql';
import { limitSelections } from './limit-selections.js';

/**
 * Words, names and punctuation of a document. It keeps validation quick too: GraphQL's check of fields that overlap takes time with
 * the square of it.
 */
export const MAX_TOKENS = 1000;

/** As deep as the query that GraphiQL asks for the schema, and twice as deep as any of the page's and the kit's. */
export const MAX_DEPTH = 15;

/** Aliases, those of `__typename` too. */
export const MAX_ALIASES = 30;

/** Uses of directives, wherever they stand. */
export const MAX_DIRECTIVES = 30;

/** Fields and fragments of an operation, where each fragment counts anew wherever it is used. */
export const MAX_SELECTIONS = 2000;

/** Errors of validation that are looked for, and told. */
export const MAX_VALIDATION_ERRORS = 10;

/** By default armor leaves out `__typename` and `__schema`, and throws what would have to be reported. */
const reported = {
  allowList: [],
  ignoreIntrospection: false,
  propagateOnRejection: false,
  onReject: [
    (context: { reportError: (error: GraphQLError) => void } | null, { message }: GraphQLError) => {
      // The syntax is not at fault.
      context?.reportError(new GraphQLError(message.replace('Syntax Error: ', '')));
    },
  ],
};

/** What documents may be like, beside valid. */
export const DOCUMENT_LIMITS: readonly ValidationRule[] = [
  // A fragment is no depth of its own: what it holds is counted where it is used.
  maxDepthRule({ ...reported, n: MAX_DEPTH, flattenFragments: true }),
  maxAliasesRule({ ...reported, n: MAX_ALIASES }),
  // Armor's rule for directives leaves out those of a fragment's second and further uses, and those of variables.
  limitSelections({ maxSelections: MAX_SELECTIONS, maxDirectives: MAX_DIRECTIVES }),
];
