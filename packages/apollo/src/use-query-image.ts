import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import {
  CreateQueryImageDocument,
  type CreateQueryImageInput,
  type CreateQueryImageMutation,
  type RegionInput,
} from './generated/operations.js';
import { LookalikeError, throwUserErrors, toLookalikeError } from './lookalike-error.js';

/** A photograph that can be searched with until it expires. */
export type QueryImage = NonNullable<CreateQueryImageMutation['createQueryImage']>['queryImage'] & {};

/** A file, or where one is on the web. */
export type Photograph = Blob | { url: string };

export interface QueryImageOptions {
  /** The part of it to search with; the whole by default. */
  region?: RegionInput | null;
  /** Ends the upload. */
  signal?: AbortSignal;
}

export interface QueryImageUpload {
  /**
   * Gives a photograph to Lookalike. A later one takes an earlier one's place.
   *
   * @returns Null where a later photograph came before this one was done.
   * @throws LookalikeError `IMAGE_UNREADABLE`, `IMAGE_TOO_LARGE`, `NETWORK_ERROR`, ...; `error` has it too.
   */
  create: (photograph: Photograph, region?: RegionInput | null) => Promise<QueryImage | null>;
  isUploading: boolean;
  error: LookalikeError | null;
  /** Ends an upload, and forgets the error. */
  reset: () => void;
}

/**
 * Gives a photograph to Lookalike, which keeps its vector for a day. With the id of what comes back it can be searched with as
 * often as wanted, safely under Apollo's cache.
 *
 * @throws LookalikeError with the reason where it is not accepted.
 */
export async function createQueryImage(
  client: ApolloClient,
  photograph: Photograph,
  { region = null, signal }: QueryImageOptions = {},
): Promise<QueryImage> {
  const input: CreateQueryImageInput = photograph instanceof Blob ? { upload: photograph } : photograph;
  const { data } = await client
    .mutate({
      mutation: CreateQueryImageDocument,
      variables: { input, region },
      context: { fetchOptions: { signal } },
    })
    .catch((error: unknown) => {
      throw toLookalikeError(error);
    });
  const payload = data?.createQueryImage;
  throwUserErrors(payload?.userErrors ?? []);
  if (payload?.queryImage == null) throw new LookalikeError('INTERNAL_SERVER_ERROR', 'The answer has no query image.');
  return payload.queryImage;
}

/** {@link createQueryImage} for a component: one photograph at a time, ended when the component goes. */
export function useQueryImage(): QueryImageUpload {
  const client = useApolloClient();
  const [state, setState] = useState<{ isUploading: boolean; error: LookalikeError | null }>(IDLE);
  const running = useRef<AbortController | null>(null);
  const reset = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setState(IDLE);
  }, []);
  const create = useCallback(
    async (photograph: Photograph, region: RegionInput | null = null): Promise<QueryImage | null> => {
      running.current?.abort();
      const own = new AbortController();
      running.current = own;
      setState({ isUploading: true, error: null });
      try {
        const queryImage = await createQueryImage(client, photograph, { region, signal: own.signal });
        if (own.signal.aborted) return null;
        setState(IDLE);
        return queryImage;
      } catch (error) {
        if (own.signal.aborted) return null;
        const reason = toLookalikeError(error);
        setState({ isUploading: false, error: reason });
        throw reason;
      }
    },
    [client],
  );
  useEffect(() => () => running.current?.abort(), []);
  return { ...state, create, reset };
}

const IDLE = { isUploading: false, error: null };
