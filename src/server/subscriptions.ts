import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import type { RequestContext } from '../resolvers/context.js';
import { maskError } from './error-mask.js';
import { guardStream } from './guard-stream.js';

/** What serving subscriptions takes, by whichever protocol. */
export interface SubscriptionOptions {
  schema: GraphQLSchema;
  /** Origins of other sites whose pages may subscribe. */
  allowedOrigins: readonly string[];
  /** @param authorization - what the client sent as such. */
  makeContext: (authorization: unknown, signal: AbortSignal) => RequestContext;
  log: Log;
}

/** What a client asks for, as both protocols have it. */
export interface SubscriptionRequest {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

/** A result as both protocols' libraries type it. */
export interface SubscriptionResult {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly GraphQLError[] | undefined;
}

/** A subscription is a few lines; nothing larger is read. */
export const MAX_SUBSCRIPTION_BYTES = 64 * 1024;

/**
 * The arguments of a subscription but for its context, or why it is none: nothing but what this returns is executed, so it
 * lets nothing but valid subscriptions through.
 *
 * @param how - how they are served here: `over WebSocket`.
 */
export function prepareSubscription(
  schema: GraphQLSchema,
  { query, variables, operationName }: SubscriptionRequest,
  how: string,
): ExecutionArgs | GraphQLError[] {
  const document = parseOrError(query);
  if (document instanceof GraphQLError) return [document];
  const errors = validate(schema, document);
  if (errors.length > 0) return [...errors];
  const operation = getOperationAST(document, operationName ?? undefined);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
    return [refusal(`Only subscriptions are served ${how}.`)];
  return { schema, document, operationName: operationName ?? null, variableValues: variables ?? null };
}

/** Subscribes; what the stream throws is its last result. */
export async function subscribeGuarded(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const result = await subscribe(args);
  if (!(Symbol.asyncIterator in result)) return result;
  return guardStream(result, (error) => ({ errors: [asGraphQLError(error)] }));
}

/** A result as a client may see it. */
export function maskResult({ data, errors }: SubscriptionResult, log: Log): FormattedExecutionResult {
  return {
    ...(data !== undefined && { data }),
    ...(errors && { errors: maskErrors(errors, log) }),
  };
}

/** Errors as a client may see them. */
export function maskErrors(
  errors: readonly (GraphQLError | GraphQLFormattedError)[],
  log: Log,
): GraphQLFormattedError[] {
  return errors.map((error) => maskError(error, error instanceof GraphQLError ? error.toJSON() : error, log));
}

/** What answers a subscription that is not accepted. */
export function refusal(message: string): GraphQLError {
  return asGraphQLError(new AppError('BAD_USER_INPUT', message));
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function parseOrError(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return asGraphQLError(error);
  }
}
