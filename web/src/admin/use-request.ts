import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { toLookalikeError, type LookalikeErrorCode } from '@lookalike/apollo';
import { useCallback, useRef, useState } from 'react';
import { adminSentence } from './admin-sentence.js';

/** The part of every payload that says why something was not done. */
interface Answered {
  userErrors: readonly { code: LookalikeErrorCode; field: readonly string[] | null; message: string }[];
}

/** Why something was not done. */
export interface Refusal<Payload> {
  code: LookalikeErrorCode;
  sentence: string;
  /** The field of the input that is to blame; null where none is. */
  field: string | null;
  /** What came with it; null where no answer came. */
  payload: Payload | null;
}

export interface Request<Variables, Payload> {
  /** @returns Null where it was refused, and while an earlier one is under way. */
  ask: (variables: Variables) => Promise<Payload | null>;
  isBusy: boolean;
  refusal: Refusal<Payload> | null;
  /** Forgets the refusal. */
  forget: () => void;
}

/**
 * A mutation for a button: one at a time, and one way to see why it was refused, whichever way the server says so.
 *
 * @param pick - finds the payload in the data.
 */
export function useRequest<Data, Variables extends OperationVariables, Payload extends Answered>(
  mutation: TypedDocumentNode<Data, Variables>,
  pick: (data: Data) => Payload | null,
): Request<Variables, Payload> {
  const client = useApolloClient();
  const [state, setState] = useState<{ isBusy: boolean; refusal: Refusal<Payload> | null }>(IDLE);
  const busy = useRef(false);
  const ask = async (variables: Variables): Promise<Payload | null> => {
    if (busy.current) return null;
    busy.current = true;
    setState({ isBusy: true, refusal: null });
    const answer = await client
      .mutate({ mutation, variables } as ApolloClient.MutateOptions<Data, Variables>)
      .then(({ data }) => ({ payload: data == null ? null : pick(data as Data), refusal: null }))
      .catch((error: unknown) => ({ payload: null, refusal: refusalOfError<Payload>(error) }));
    busy.current = false;
    const refusal = answer.refusal ?? refusalIn(answer.payload);
    setState({ isBusy: false, refusal });
    return refusal === null ? answer.payload : null;
  };
  const forget = useCallback(() => setState((now) => (now.refusal === null ? now : { ...now, refusal: null })), []);
  return { ...state, ask, forget };
}

const IDLE = { isBusy: false, refusal: null };

function refusalOfError<Payload>(error: unknown): Refusal<Payload> {
  const known = toLookalikeError(error);
  return { code: known.code, sentence: adminSentence(known), field: null, payload: null };
}

function refusalIn<Payload extends Answered>(payload: Payload | null): Refusal<Payload> | null {
  const [first] = payload?.userErrors ?? [];
  if (first === undefined) return null;
  return { code: first.code, sentence: first.message, field: first.field?.at(-1) ?? null, payload };
}
