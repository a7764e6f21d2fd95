import { expect, test } from 'vitest';
import { ModelUnavailableError, ServiceUnavailableError } from '../../src/errors.js';
import type { EncoderThread } from '../../src/services/clip/encoder-thread.js';
import { RestartingThread } from '../../src/services/clip/restarting-thread.js';
import type { Pixels } from '../../src/types.js';
import { silentLog } from '../support/silent-log.js';

const batch: Pixels[] = [{ data: Uint8Array.of(1), width: 1, height: 1 }];

/** Threads that die when an entry of `fates` says so: while they start, while they infer, or not at all. */
function threadsWith(fates: ('start' | 'infer' | 'live')[]) {
  const started: string[] = [];
  const closed: number[] = [];
  const start = async (onDeath: (cause: unknown) => void): Promise<EncoderThread<Pixels>> => {
    const number = started.length;
    const fate = fates[number] ?? 'live';
    started.push(fate);
    if (fate === 'start') throw new ModelUnavailableError('It does not load.');
    return {
      dimensions: 3,
      infer: async () => {
        if (fate === 'live') return Float32Array.of(number);
        onDeath(new Error('out of memory'));
        throw new ServiceUnavailableError('The model stopped.');
      },
      close: async () => {
        closed.push(number);
      },
    };
  };
  return { start, started, closed };
}

test('a thread that dies fails its batch and is started again for the next', async () => {
  const { start, started } = threadsWith(['infer', 'live']);
  const thread = new RestartingThread(start, silentLog);
  expect(await thread.ready()).toBe(3);
  await expect(thread.infer(batch)).rejects.toThrow('The model stopped.');
  expect(await thread.infer(batch)).toEqual(Float32Array.of(1));
  expect(started).toEqual(['infer', 'live']);
});

test('a start that fails after a death is tried again', async () => {
  const { start } = threadsWith(['infer', 'start', 'live']);
  const thread = new RestartingThread(start, silentLog);
  await expect(thread.infer(batch)).rejects.toThrow('The model stopped.');
  expect(await thread.infer(batch)).toEqual(Float32Array.of(2));
});

test('the third death in a row is the last: the thread stays down and says what to do', async () => {
  const { start, started } = threadsWith(['infer', 'infer', 'infer', 'live']);
  const thread = new RestartingThread(start, silentLog);
  for (let death = 0; death < 3; death++) await expect(thread.infer(batch)).rejects.toThrow('The model stopped.');
  const refused = thread.infer(batch);
  await expect(refused).rejects.toThrow(
    new ModelUnavailableError(
      'The model stopped 3 times in a row and is not started again: look for the reason in the log and restart the process.',
    ),
  );
  expect(started).toHaveLength(3);
  await thread.close();
});

test('a first start that fails is not tried again', async () => {
  const { start, started } = threadsWith(['start', 'live']);
  const thread = new RestartingThread(start, silentLog);
  await expect(thread.ready()).rejects.toThrow('It does not load.');
  expect(started).toEqual(['start']);
});

test('closing closes the thread that runs', async () => {
  const { start, closed } = threadsWith(['infer', 'live']);
  const thread = new RestartingThread(start, silentLog);
  await expect(thread.infer(batch)).rejects.toThrow('The model stopped.');
  await thread.close();
  expect(closed).toEqual([1]);
});
