import { describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../src/errors.js';
import { Health } from '../../src/server/observability/health.js';

const fine = { name: 'fine', run: () => Promise.resolve() };

function clocked(deadlineMs = 10_000): { health: Health; pass: (ms: number) => void } {
  let nowMs = 0;
  const health = new Health({ deadlineMs, now: () => nowMs });
  return { health, pass: (ms) => (nowMs += ms) };
}

const processSays = (message: string) => ({ isReady: false, checks: { process: { ok: false, message } } });

describe('the health of a process', () => {
  it('is not ready before there is anything to look at', async () => {
    const { health } = clocked();
    expect(await health.readiness()).toEqual(processSays('This process is starting.'));
    health.begin([fine]);
    expect(await health.readiness()).toEqual({ isReady: true, checks: { fine: { ok: true } } });
  });

  it('names every check that fails, with our own sentences and nothing of foreign errors', async () => {
    const { health } = clocked();
    health.begin([
      fine,
      { name: 'ours', run: () => Promise.reject(new ServiceUnavailableError('It is away.')) },
      { name: 'foreign', run: () => Promise.reject(new Error('password of me@db is hunter2')) },
    ]);
    expect(await health.readiness()).toEqual({
      isReady: false,
      checks: {
        fine: { ok: true },
        ours: { ok: false, message: 'It is away.' },
        foreign: { ok: false, message: 'The check failed in an unexpected way.' },
      },
    });
  });

  it('shares results for a second', async () => {
    const { health, pass } = clocked();
    let runs = 0;
    health.begin([{ name: 'counted', run: async () => void (runs += 1) }]);
    await Promise.all([health.readiness(), health.readiness()]);
    pass(999);
    await health.readiness();
    expect(runs).toBe(1);
    pass(1);
    await health.readiness();
    expect(runs).toBe(2);
  });

  it('answers at the deadline, and does not begin a check again that has not come to its end', async () => {
    const { health, pass } = clocked(1);
    let begun = 0;
    let end = (): void => undefined;
    const run = (): Promise<void> => {
      begun += 1;
      return new Promise((resolve) => (end = resolve));
    };
    health.begin([{ name: 'slow', run }]);
    for (let asked = 0; asked < 5; asked += 1) {
      const { checks } = await health.readiness();
      expect(checks).toEqual({ slow: { ok: false, message: 'There was no answer within 1 ms.' } });
      pass(1000);
    }
    expect(begun).toBe(1);
    end();
    await Promise.resolve();
    pass(1000);
    await health.readiness();
    expect(begun).toBe(2);
  });

  it('is not ready once it stops, whoever was waiting for an answer included', async () => {
    const { health } = clocked();
    let end = (): void => undefined;
    health.begin([{ name: 'slow', run: () => new Promise((resolve) => (end = resolve)) }]);
    const waiting = health.readiness();
    health.stop();
    end();
    expect(await waiting).toEqual(processSays('This process is stopping.'));
    expect(await health.readiness()).toEqual(processSays('This process is stopping.'));
  });
});
