import { EventEmitter, on } from 'node:events';
import { expect, it } from 'vitest';
import { maskError } from '../../src/server/error-mask.js';
import { makeRecordedLog } from '../support/recorded-log.js';

/** What Node throws into whoever waits when a signal is aborted. */
async function abortErrorOfNode(): Promise<unknown> {
  const left = new AbortController();
  const events = on(new EventEmitter(), 'event', { signal: left.signal });
  const waiting = events.next().catch((error: unknown) => error);
  left.abort();
  return waiting;
}

it.each([
  ['as a signal has it', async () => AbortSignal.abort().reason as unknown],
  ['as Node throws it', abortErrorOfNode],
])('an operation whose client has left is no failure of the server: %s', async (_what, make) => {
  const { log, entries } = makeRecordedLog();
  expect(maskError(await make(), { message: '' }, log)).toEqual({
    message: 'The request was given up.',
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  });
  expect(entries).toEqual([]);
});
