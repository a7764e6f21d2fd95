import type { ExecutionResult } from 'graphql';

/**
 * A stream of results that never throws: what its source throws becomes one last result, so that a failing subscription
 * ends with a masked error and leaves the socket, and its other subscriptions, alone.
 */
export function guardStream(
  source: AsyncIterable<ExecutionResult>,
  toResult: (error: unknown) => ExecutionResult,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = source[Symbol.asyncIterator]();
  let hasFailed = false;
  const end = { done: true, value: undefined } as const;
  const stream: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      if (hasFailed) return end;
      try {
        const result = await iterator.next();
        return result.done === true ? end : result;
      } catch (error) {
        hasFailed = true;
        return { done: false, value: toResult(error) };
      }
    },
    async return() {
      hasFailed = true;
      await iterator.return?.();
      return end;
    },
    [Symbol.asyncIterator]() {
      return stream;
    },
  };
  return stream;
}
