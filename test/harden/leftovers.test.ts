import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../demo/seeded-random.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { breakOff, rawUpload, sendRaw } from '../support/raw-upload.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';
import { isNoMoreThan, whatIsHeld } from '../support/what-is-held.js';

const UPLOADS = scale(40, 1000);
const ABORTED_SHARE = 0.3;
const AT_ONCE = 8;

let shop: TestShop;
let request: Buffer;
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled);
  shop = await startTestShop({ products: 3 });
  await shop.backfill();
  request = rawUpload(await testPhotograph(2));
  await sendMany(AT_ONCE, () => sendRaw(shop.app.url, request));
});

afterAll(async () => {
  process.off('unhandledRejection', noteUnhandled);
  await shop.close();
});

async function sendMany<Result>(count: number, send: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      results.push(await send(index));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

describe.runIf(process.platform === 'linux')('uploads of which many are broken off', () => {
  it('leave nothing behind, and the others are answered', async () => {
    const random = new SeededRandom(hardenSeed());
    const fates = random.shuffle(Array.from({ length: UPLOADS }, (_, index) => index < UPLOADS * ABORTED_SHARE));
    const before = whatIsHeld(shop.app.url);
    const answers = await sendMany(UPLOADS, async (index) => {
      if (fates[index] !== true) return sendRaw(shop.app.url, request);
      await breakOff(shop.app.url, request.subarray(0, Math.floor(random.between(1, request.length))));
      return null;
    });
    const answered = answers.filter((answer) => answer !== null);
    expect(answered).toHaveLength(UPLOADS * (1 - ABORTED_SHARE));
    expect(
      answered.filter((answer) => !/^HTTP\/1\.1 200 [^]*"similarProducts":\{"nodes":\[\{"id":"2"\}\]\}/.test(answer)),
    ).toEqual([]);
    await until('what the uploads opened is closed', () => isNoMoreThan(whatIsHeld(shop.app.url), before)).catch(() => {
      expect(whatIsHeld(shop.app.url)).toEqual(before);
    });
    expect(await sendRaw(shop.app.url, request)).toMatch(/^HTTP\/1\.1 200 /);
    expect(unhandled).toEqual([]);
  });
});
