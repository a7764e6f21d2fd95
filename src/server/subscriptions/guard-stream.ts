import type { ExecutionResult } from 'graphql';

/**
 * A stream of results that never throws: what its source throws becomes one last result, so that a failing subscription
 * ends with a masked error and leaves the socket, and its other subscriptions, alone.
 *
 * It has all three methods of a generator: graphql-sse ends early only what has.
 */
export function guardStream(
  source: AsyncIterable<ExecutionResult>,
  toResult: (error: unknown) => ExecutionResult,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = source[Symbol.asyncIterator]();
  let hasEnded = false;
  const end = { done: true, value: undefined } as const;
  const finish = async () => {
    hasEnded = true;
    await iterator.return?.();
    return end;
  };
  const stream: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      if (hasEnded) return end;
      try {
        const result = await iterator.next();
        return result.done === true ? end : result;
      } catch (error) {
        hasEnded = true;
        return { done: false, value: toResult(error) };
      }
    },
    return: finish,
    throw: finish,
    [Symbol.asyncIterator]() {
      return stream;
    },
  };
  return stream;
}
