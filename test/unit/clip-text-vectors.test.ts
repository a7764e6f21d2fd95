import { expect, test } from 'vitest';
import { ServiceUnavailableError } from '../../src/errors.js';
import { LazyTextEncoder } from '../../src/services/clip/text-encoder.js';
import { TextVectors } from '../../src/services/clip/text-vectors.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';

/** Vectors that come when the test says so. */
function handDriven(size?: number) {
  const encoded: { text: string; signal: AbortSignal; end: (outcome: Float32Array | Error) => void }[] = [];
  const vectors = new TextVectors(
    (text, signal) =>
      new Promise((resolve, reject) => {
        const end = (outcome: Float32Array | Error) => {
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        };
        encoded.push({ text, signal, end });
      }),
    size,
  );
  /** Asks for a text, which is encoded at once where it has to be. */
  const get = async (text: string) => {
    const vector = vectors.get(text);
    encoded.at(-1)?.end(Float32Array.of(encoded.length));
    return vector;
  };
  return { vectors, encoded, get };
}

test('a text is encoded once, however it is spaced, and each caller has a vector of its own', async () => {
  const { vectors, encoded } = handDriven();
  const asked = ['red  shoe', ' red shoe\n', 'red shoe'].map((text) => vectors.get(text));
  expect(encoded.map(({ text }) => text)).toEqual(['red shoe']);
  encoded[0]?.end(Float32Array.of(1, 2));
  const [one, ...others] = await Promise.all(asked);
  one?.fill(0);
  expect(others).toEqual([Float32Array.of(1, 2), Float32Array.of(1, 2)]);
  expect(await vectors.get('red shoe')).toEqual(Float32Array.of(1, 2));
  expect(encoded).toHaveLength(1);
});

test('a text that came to nothing is encoded again for the next who asks', async () => {
  const { vectors, encoded } = handDriven();
  const asked = [vectors.get('red'), vectors.get('red')];
  encoded[0]?.end(new Error('busy'));
  for (const vector of asked) await expect(vector).rejects.toThrow('busy');
  const again = vectors.get('red');
  encoded[1]?.end(Float32Array.of(1));
  expect(await again).toEqual(Float32Array.of(1));
});

test('who leaves takes nothing from those who wait for the same text', async () => {
  const { vectors, encoded } = handDriven();
  const controller = new AbortController();
  const leaving = vectors.get('red', controller.signal);
  const staying = vectors.get('red');
  const reason = new Error('left');
  controller.abort(reason);
  await expect(leaving).rejects.toBe(reason);
  expect(encoded[0]?.signal.aborted).toBe(false);
  encoded[0]?.end(Float32Array.of(1));
  expect(await staying).toEqual(Float32Array.of(1));
});

test('a text that nobody waits for any more is given up, and encoded anew for the next who asks', async () => {
  const { vectors, encoded } = handDriven();
  const controller = new AbortController();
  const leaving = vectors.get('red', controller.signal);
  controller.abort(new Error('left'));
  await expect(leaving).rejects.toThrow('left');
  expect(encoded[0]?.signal.aborted).toBe(true);
  const next = vectors.get('red');
  encoded[0]?.end(new Error('given up'));
  encoded[1]?.end(Float32Array.of(2));
  expect(await next).toEqual(Float32Array.of(2));
});

test('the text that was not asked for the longest makes room', async () => {
  const { encoded, get } = handDriven(2);
  await get('red');
  await get('blue');
  await get('red');
  await get('green');
  await get('red');
  expect(encoded.map(({ text }) => text)).toEqual(['red', 'blue', 'green']);
  await get('blue');
  expect(encoded.map(({ text }) => text)).toEqual(['red', 'blue', 'green', 'blue']);
});

test('a text tower that is closed while it loads is broken off, and closed when it is there', async () => {
  const events: string[] = [];
  let end: (error: Error | null) => void = () => undefined;
  const encoder = makeDeterministicEncoder();
  const text = new LazyTextEncoder(async (signal) => {
    const error = await new Promise<Error | null>((resolve) => (end = resolve));
    if (error !== null) throw error;
    events.push(signal.aborted ? 'loaded after the break' : 'loaded');
    const close = async () => {
      events.push('closed');
      await encoder.close();
    };
    return { dimensions: 512, encode: async (words, { signal }) => encoder.encodeText(words, { signal }), close };
  });
  const asked = text.encode('red', undefined);
  const closing = text.close();
  end(null);
  await closing;
  expect(events).toEqual(['loaded after the break', 'closed']);
  const stopping = new ServiceUnavailableError('The server is stopping: try again in a moment.');
  // It was in work when the tower was closed, and came to its end.
  expect(await asked).toHaveLength(512);
  await expect(text.encode('red', undefined)).rejects.toThrow(stopping);
});

test('a text tower whose load is broken off says that the server stops', async () => {
  let end: (error: Error) => void = () => undefined;
  const text = new LazyTextEncoder(() => new Promise((_, reject) => (end = reject)));
  const asked = text.encode('red', undefined);
  const closing = text.close();
  end(new Error('The network is away.'));
  await expect(asked).rejects.toThrow('The server is stopping: try again in a moment.');
  await closing;
});
