import type { IncomingMessage } from 'node:http';
import {
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { AppError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { OperationObserver } from '../../observer.js';
import type { RequestContext } from '../../resolvers/context.js';
import type { ClientConnections } from './client-connections.js';
import type { AskedDocument } from '../documents/asked-document.js';
import type { ErrorMask } from '../error-mask.js';
import type { OperationGate } from '../operations/operation-gate.js';
import { guardStream } from './guard-stream.js';

/** Makes what an operation gets, of the request or handshake that brought it. */
export type MakeContext = (
  request: IncomingMessage,
  /** `authorization` is what the client sent as such; `signal` is aborted when it goes away. */
  caller: { authorization: unknown; signal: AbortSignal },
) => Promise<RequestContext>;

/** What serving subscriptions takes, by whichever protocol. */
export interface SubscriptionOptions {
  schema: GraphQLSchema;
  gate: OperationGate;
  /** Whether the schema can be asked for, and is hinted at in errors. */
  introspection: boolean;
  /** Origins of other sites whose pages may subscribe. */
  allowedOrigins: readonly string[];
  /** What each client has open. */
  connections: ClientConnections;
  makeContext: MakeContext;
  operations: OperationObserver;
  mask: ErrorMask;
  log: Log;
}

/** What a client asks for, as both protocols have it. */
export interface SubscriptionRequest {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
  /** May name a document that is trusted, with an empty `query`. */
  extensions?: Record<string, unknown> | null | undefined;
}

/** A result as both protocols' libraries type it. */
export interface SubscriptionResult {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly GraphQLError[] | undefined;
}

/** A subscription is a few lines; nothing larger is read. */
export const MAX_SUBSCRIPTION_BYTES = 64 * 1024;

/**
 * The arguments of a subscription, or why it is none: nothing but what this returns is executed, so it lets nothing but valid
 * subscriptions through that the gate admits.
 *
 * @param how - how they are served here: `over WebSocket`.
 */
export async function prepareSubscription(
  options: SubscriptionOptions,
  request: SubscriptionRequest,
  { how, makeContext }: { how: string; makeContext: () => Promise<RequestContext> },
): Promise<ExecutionArgs | GraphQLError[]> {
  try {
    // Before all else: who may not ask is told nothing of the document either.
    const context = await makeContext();
    return await prepareFor(context, options, { ...request, how });
  } catch (error) {
    return [asGraphQLError(error)];
  }
}

async function prepareFor(
  context: RequestContext,
  { schema, gate, introspection }: SubscriptionOptions,
  { variables, operationName, how, ...asked }: SubscriptionRequest & { how: string },
): Promise<ExecutionArgs | GraphQLError[]> {
  const document = parseOrError(asked, gate);
  if (document instanceof GraphQLError) return [document];
  const rules = [...specifiedRules, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]), ...gate.rules];
  const errors = validate(schema, document, rules, gate.validationOptions);
  if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  const operation = getOperationAST(document, operationName ?? undefined);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
    return [refusal(`Only subscriptions are served ${how}.`)];
  await gate.admit({ document, operation, variables: variables ?? {}, context });
  return {
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
    contextValue: context,
  };
}

/** Subscribes; what the stream throws is its last result. */
export async function subscribeGuarded(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const result = await subscribe(args);
  if (!(Symbol.asyncIterator in result)) return withCodes(result);
  return guardStream(result, (error) => ({ errors: [asGraphQLError(error)] }));
}

/**
 * A result as a client may see it.
 *
 * @param log - of the operation, where it is not the one that runs here.
 */
export function maskResult({ data, errors }: SubscriptionResult, mask: ErrorMask, log?: Log): FormattedExecutionResult {
  return {
    ...(data !== undefined && { data }),
    ...(errors && { errors: errors.map((error) => mask(error, error.toJSON(), log)) }),
  };
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

/** Apollo gives these codes over HTTP; GraphQL itself gives none. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes = null, source = null, positions = null, extensions } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { code, ...extensions } });
}

/** What has no path is about the variables: no resolver has run for it. */
function withCodes(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined) return result;
  return {
    ...result,
    errors: result.errors.map((error) => (error.path === undefined ? withCode(error, 'BAD_USER_INPUT') : error)),
  };
}

function parseOrError(asked: AskedDocument, gate: OperationGate): DocumentNode | GraphQLError {
  try {
    return parse(gate.sourceOf(asked) ?? '', gate.parseOptions);
  } catch (error) {
    const known = asGraphQLError(error);
    return known.originalError ? known : withCode(known, 'GRAPHQL_PARSE_FAILED');
  }
}
