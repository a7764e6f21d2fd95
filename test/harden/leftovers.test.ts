import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../demo/seeded-random.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { breakOff, rawUpload, sendRaw } from '../support/raw-upload.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

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

/** What the server holds, which is in this process. */
interface Held {
  /** Descriptors of anything but sockets: those to the databases come and go. */
  files: number;
  /** Ends of connections to the server's port, both in this process. */
  connections: number;
  temporary: number;
}

const LISTENING = '0A';
const TIME_WAIT = '06';

function whatIsHeld(): Held {
  return {
    files: descriptors().filter((target) => !target.startsWith('socket:')).length,
    connections: ['tcp', 'tcp6'].flatMap((table) => connectionsIn(`/proc/self/net/${table}`)).length,
    temporary: readdirSync(tmpdir()).filter((name) => /upload|busboy|capacitor/i.test(name)).length,
  };
}

function descriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      // It was that of the folder itself, which is closed by now.
      return [];
    }
  });
}

/** Lines of the system's table whose local or distant port is the server's. */
function connectionsIn(table: string): string[] {
  const port = Number(new URL(shop.app.url).port).toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(table, 'utf8')
    .split('\n')
    .filter((line) => {
      const [, local = '', distant = '', state = ''] = line.trim().split(/\s+/);
      return [local, distant].some((end) => end.endsWith(`:${port}`)) && ![LISTENING, TIME_WAIT].includes(state);
    });
}

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

const isNoMoreThan = (now: Held, before: Held): boolean =>
  now.files <= before.files && now.connections <= before.connections && now.temporary <= before.temporary;

describe.runIf(process.platform === 'linux')('uploads of which many are broken off', () => {
  it('leave nothing behind, and the others are answered', async () => {
    const random = new SeededRandom(hardenSeed());
    const fates = random.shuffle(Array.from({ length: UPLOADS }, (_, index) => index < UPLOADS * ABORTED_SHARE));
    const before = whatIsHeld();
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
    await until('what the uploads opened is closed', () => isNoMoreThan(whatIsHeld(), before)).catch(() => {
      expect(whatIsHeld()).toEqual(before);
    });
    expect(await sendRaw(shop.app.url, request)).toMatch(/^HTTP\/1\.1 200 /);
    expect(unhandled).toEqual([]);
  });
});
