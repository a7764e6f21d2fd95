import { describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../src/errors.js';
import {
  endlessChunks,
  hungUp,
  inTurn,
  photograph,
  rawAnswer,
  redirect,
  silence,
  stall,
  status,
  trickle,
  trickleHeaders,
  type Answer,
} from '../support/image-host.js';
import { imageErrorOf, serve, sourceFor } from '../support/image-source-fixture.js';

const PHOTOGRAPH = Buffer.from('the bytes of a photograph');

const serveAt = (answer: Answer) => serve({ '/a.jpg': answer });

describe('the cap on bytes', () => {
  it('lets a photograph of just that size through', async () => {
    const host = await serveAt(photograph(Buffer.alloc(4096, 1)));
    expect((await sourceFor(host, { maxBytes: 4096 }).read(`${host.origin}/a.jpg`)).bytes).toHaveLength(4096);
  });

  it('stops one that is a byte larger', async () => {
    const host = await serveAt(photograph(Buffer.alloc(4097, 1)));
    expect(await imageErrorOf(sourceFor(host, { maxBytes: 4096 }).read(`${host.origin}/a.jpg`))).toMatchObject({
      reason: 'TOO_LARGE',
      code: 'IMAGE_TOO_LARGE',
      isTransient: false,
      message:
        `The photograph at ${host.origin}/a.jpg is larger than 4 KiB, which is the most that is accepted: ` +
        'make it smaller or raise IMAGE_MAX_BYTES.',
    });
  });

  it('stops 11 GB at the header, without reading or asking again', async () => {
    const host = await serveAt(rawAnswer('HTTP/1.1 200 OK\r\nContent-Length: 11811160064\r\n\r\n', PHOTOGRAPH));
    const source = sourceFor(host, { maxBytes: 20 * 1024 * 1024, maxAttempts: 3 });
    expect(await imageErrorOf(source.read(`${host.origin}/a.jpg`))).toMatchObject({
      reason: 'TOO_LARGE',
      message:
        `The photograph at ${host.origin}/a.jpg is larger than 20 MiB, which is the most that is accepted: ` +
        'make it smaller or raise IMAGE_MAX_BYTES.',
    });
    expect(host.requests).toHaveLength(1);
  });

  it('stops a body that never ends, and hangs up', async () => {
    const host = await serveAt(endlessChunks(Buffer.alloc(10_000, 1)));
    const reading = imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`));
    const request = await host.nextRequest();
    expect((await reading).reason).toBe('TOO_LARGE');
    await hungUp(request);
  });

  it('is not lifted by the body of an error, and hangs up', async () => {
    const host = await serveAt((request, response) => {
      response.statusCode = 404;
      response.write('x');
      endlessChunks(Buffer.alloc(10_000, 1))(request, Object.assign(response, { writeHead: () => response }));
    });
    const reading = imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`));
    const request = await host.nextRequest();
    expect((await reading).reason).toBe('NOT_FOUND');
    await hungUp(request);
  });
});

describe('the deadline', () => {
  const slow: [string, Answer][] = [
    ['never answers', silence()],
    ['sends its headers byte by byte', trickleHeaders(20)],
    ['sends its body byte by byte', trickle(Buffer.alloc(1000, 1), 20)],
    ['stalls in the body', stall(PHOTOGRAPH)],
    [
      'answers "100 Continue" for ever',
      (request) => {
        const timer = setInterval(() => request.socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20);
        request.socket.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ];

  // All at once: each takes the whole deadline, which leaves a busy machine the time to send the request.
  it('ends a fetch from a host that is slow in whatever way, and hangs up', async () => {
    const expectEnded = async ([what, answer]: [string, Answer]) => {
      const host = await serveAt(answer);
      const reading = imageErrorOf(sourceFor(host, { timeoutMs: 2000 }).read(`${host.origin}/a.jpg?sig=secret`));
      const request = await host.nextRequest();
      expect(await reading, `a host that ${what}`).toMatchObject({
        reason: 'TIMEOUT',
        code: 'IMAGE_UNREACHABLE',
        isTransient: true,
        message:
          `The photograph at ${host.origin}/a.jpg did not arrive whole within 2000 ms: ` +
          'its host is slow or does not answer, or IMAGE_TIMEOUT_MS is too short.',
      });
      await hungUp(request);
    };
    await Promise.all(slow.map(expectEnded));
  });

  it('is one for all redirects of an attempt together', async () => {
    let step = 0;
    const host = await serveAt((request, response) => {
      setTimeout(() => {
        redirect(`/a.jpg?step=${++step}`)(request, response);
      }, 80);
    });
    const source = sourceFor(host, { timeoutMs: 200 });
    expect((await imageErrorOf(source.read(`${host.origin}/a.jpg`))).reason).toBe('TIMEOUT');
  });

  it('ends a fetch whose name is never resolved', async () => {
    const host = await serveAt(silence());
    const source = sourceFor(host, { timeoutMs: 150 }, { lookup: () => undefined });
    expect((await imageErrorOf(source.read('http://shop.example/a.jpg'))).reason).toBe('TIMEOUT');
  });

  it('starts anew with every attempt', async () => {
    const host = await serveAt(inTurn(stall(PHOTOGRAPH), photograph(PHOTOGRAPH)));
    const source = sourceFor(host, { timeoutMs: 2000, maxAttempts: 2 });
    expect((await source.read(`${host.origin}/a.jpg`)).bytes).toEqual(PHOTOGRAPH);
    expect(host.requests).toHaveLength(2);
  });
});

describe('aborting', () => {
  const reason = new Error('The chunk was cancelled.');

  const moments: [string, Answer][] = [
    ['before the headers', silence()],
    ['in the body', stall(PHOTOGRAPH)],
  ];

  it.each(moments)('%s rejects with the reason and hangs up', async (_when, answer) => {
    const host = await serveAt(answer);
    const controller = new AbortController();
    const reading = sourceFor(host, { maxAttempts: 3 }).read(`${host.origin}/a.jpg`, { signal: controller.signal });
    const rejected = expect(reading).rejects.toBe(reason);
    const request = await host.nextRequest();
    controller.abort(reason);
    await rejected;
    await hungUp(request);
    expect(host.requests).toHaveLength(1);
  });

  it('cuts a wait for the next attempt short', async () => {
    const host = await serveAt(status(503, { 'retry-after': '29' }));
    const controller = new AbortController();
    const reading = sourceFor(host, { maxAttempts: 3 }).read(`${host.origin}/a.jpg`, { signal: controller.signal });
    const rejected = expect(reading).rejects.toBe(reason);
    await host.nextRequest();
    controller.abort(reason);
    await rejected;
    expect(host.requests).toHaveLength(1);
  }, 5000);

  it('while a name is resolved sends nothing', async () => {
    const host = await serveAt(photograph(PHOTOGRAPH));
    const controller = new AbortController();
    const source = sourceFor(
      host,
      {},
      {
        lookup: () => {
          controller.abort(reason);
        },
      },
    );
    await expect(source.read('http://shop.example/a.jpg', { signal: controller.signal })).rejects.toBe(reason);
  }, 5000);

  it('beforehand asks nobody', async () => {
    const host = await serveAt(photograph(PHOTOGRAPH));
    const reading = sourceFor(host).read(`${host.origin}/a.jpg`, { signal: AbortSignal.abort(reason) });
    await expect(reading).rejects.toBe(reason);
    expect(host.openedConnections()).toBe(0);
  });

  it('afterwards changes nothing, and no listener stays on a signal that lives on', async () => {
    const host = await serveAt(photograph(PHOTOGRAPH));
    const source = sourceFor(host);
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners += 1;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...given);
    };
    await source.read(`${host.origin}/a.jpg`, { signal });
    await source.read(`${host.origin}/missing.jpg`, { signal }).catch(() => undefined);
    expect(listeners).toBe(0);
  });
});

describe('many reads at a time', () => {
  it('share a signal without a warning of a leak', async () => {
    const host = await serveAt(photograph(PHOTOGRAPH));
    const source = sourceFor(host);
    const { signal } = new AbortController();
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    await Promise.all(Array.from({ length: 40 }, () => source.read(`${host.origin}/a.jpg`, { signal })));
    process.off('warning', listen);
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
    expect(host.openedConnections()).toBeLessThanOrEqual(40);
  });
});

describe('closing', () => {
  const message = "Photographs can't be fetched any more: the process is stopping.";

  it('ends what runs, hangs up and refuses what comes', async () => {
    const host = await serveAt(stall(PHOTOGRAPH));
    const source = sourceFor(host);
    const rejected = expect(source.read(`${host.origin}/a.jpg`)).rejects.toThrow(new ServiceUnavailableError(message));
    const request = await host.nextRequest();
    await source.close();
    await rejected;
    await hungUp(request);
    await expect(source.read(`${host.origin}/a.jpg`)).rejects.toThrow(new ServiceUnavailableError(message));
  });

  it('lets go of idle connections, and may happen twice', async () => {
    const host = await serveAt(photograph(PHOTOGRAPH));
    const source = sourceFor(host);
    const answered = host.nextRequest();
    await source.read(`${host.origin}/a.jpg`);
    const request = await answered;
    await source.close();
    await source.close();
    await hungUp(request);
  });
});
