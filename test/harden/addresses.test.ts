import { once } from 'node:events';
import { createServer, type AddressInfo, type LookupFunction, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../demo/seeded-random.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { photograph, rawAnswer, startImageHost, type ImageHost } from '../support/image-host.js';
import { giveQueryImage, makeQueryImage, type QueryImagePayload } from '../support/query-images.js';
import { startReplica } from '../support/replica.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type Client, type TestShop } from '../support/test-shop.js';
import { FORMS } from './addresses-forms.js';
import { randomForm } from './addresses-random.js';

const RANDOM_FORMS = scale(60, 4000);
const AT_ONCE = 8;

/** What a stranger is told. */
const CODES = ['BAD_USER_INPUT', 'IMAGE_UNREACHABLE'];

/** An address that nobody has: in no table of routes, though it would be public. */
const PUBLIC = '2d00::1';

let canaries: Server[];
let port: number;
let touches = 0;
let host: ImageHost;
let shop: TestShop;
/** What the resolver says to each question, in turn; to later ones as to the last. */
let answers: string[][];
let questions: string[];

const resolver: LookupFunction = (hostname, options, callback) => {
  const found = answers[Math.min(questions.length, answers.length - 1)] ?? [];
  questions.push(hostname);
  const all = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  if (options.all === true) callback(null, all);
  else callback(null, found[0] ?? '', all[0]?.family);
};

/** It answers everybody, with a photograph: whoever reaches it gets one. */
async function startCanary(address: string, at: number, answer: Buffer): Promise<Server> {
  const canary = createServer((socket) => {
    touches += 1;
    socket.on('error', () => undefined);
    socket.end(answer);
  });
  canary.listen(at, address);
  await once(canary, 'listening');
  return canary;
}

beforeAll(async () => {
  const bytes = await testPhotograph(1);
  const answer = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`), bytes]);
  const first = await startCanary('127.0.0.1', 0, answer);
  ({ port } = first.address() as AddressInfo);
  // A machine may be without IPv6.
  const second = await startCanary('::1', port, answer).catch(() => null);
  canaries = [first, ...(second === null ? [] : [second])];
  host = await startImageHost({ '/photo.jpg': photograph(bytes) });
  shop = await startTestShop({
    products: 1,
    env: { QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS: host.host, IMAGE_TIMEOUT_MS: '2000' },
    overrides: { lookup: resolver },
  });
});

beforeEach(() => {
  touches = 0;
  // A resolver of the worst kind: whatever is asked, it is this machine.
  answers = [['127.0.0.1', '::1']];
  questions = [];
});

afterAll(async () => {
  await shop.close();
  await host.close();
  for (const canary of canaries) canary.close();
});

interface Seen {
  url: string;
  code: string;
}

/** What comes of an address. */
async function ask(url: string, server: Pick<Client, 'query' | 'send'> = shop): Promise<Seen> {
  const { data, errors } = await giveQueryImage(server, { url });
  const payload = data?.createQueryImage as QueryImagePayload | null | undefined;
  if (payload?.queryImage) return { url, code: 'a photograph' };
  return { url, code: String(payload?.userErrors[0]?.code ?? errors?.[0]?.extensions.code) };
}

async function askAll(urls: readonly string[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  const left = [...urls];
  const lane = async (): Promise<void> => {
    for (let url = left.pop(); url !== undefined; url = left.pop()) seen.push(await ask(url));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return seen;
}

/** Every address of these is refused in a stranger's words, and the canary knows of none. */
async function expectUntouched(what: string, urls: readonly string[]): Promise<void> {
  const seen = await askAll(urls);
  const counts = Object.fromEntries(CODES.map((code) => [code, seen.filter((one) => one.code === code).length]));
  process.stdout.write(`${what}: ${urls.length} addresses, ${JSON.stringify(counts)}\n`);
  expect(seen.filter(({ code }) => !CODES.includes(code))).toEqual([]);
  expect(seen).toHaveLength(urls.length);
  expect(touches).toBe(0);
}

/** Where the allowed host redirects from to each of these. The header has their bytes as they are. */
function redirectsTo(urls: readonly string[]): string[] {
  return urls.map((url, index) => {
    const code = [301, 302, 303, 307, 308][index % 5] ?? 302;
    host.on(
      `/to-${index}`,
      rawAnswer(`HTTP/1.1 ${code} Moved\r\nLocation: ${latin1(url)}\r\nContent-Length: 0\r\n\r\n`),
    );
    return `${host.origin}/to-${index}`;
  });
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

describe('a canary on loopback', () => {
  it('is reached where its host is allowed, so that the tests below can fail', async () => {
    const allowed = {
      ...shop.config.queryImages,
      allowedPrivateHosts: [`127.0.0.1:${port}`, host.host, 'shop.example'],
    };
    const trusting = await startReplica(
      { ...shop, config: { ...shop.config, queryImages: allowed } },
      { workers: 0, lookup: resolver },
    );
    for (const url of [`http://0x7f.1:${port}/a.jpg`, `http://shop.example:${port}/a.jpg`]) {
      expect(await ask(url, trusting)).toEqual({ url, code: 'a photograph' });
    }
    const [moved = ''] = redirectsTo([`http://127.1:${port}/a.jpg`]);
    expect(await ask(moved, trusting)).toEqual({ url: moved, code: 'a photograph' });
    expect(touches).toBe(3);
    await trusting.app.close();
  });

  it('is reached by no form of its address, nor by one of another address inside', async () => {
    expect(FORMS.length).toBeGreaterThan(250);
    await expectUntouched(
      'direct',
      FORMS.map((form) => form(port)),
    );
    expect(await makeQueryImage(shop, { url: `${host.origin}/photo.jpg` })).toMatch(/^[\w-]{22}$/);
  });

  it('is reached by no form that a host redirects to', async () => {
    await expectUntouched('by redirect', redirectsTo(FORMS.map((form) => form(port))));
  });

  it('is reached by no chain of redirects', async () => {
    const last = redirectsTo([
      `http://localhost:${port}/`,
      `//127.1:${port}/`,
      `/\\[::1]:${port}/`,
      `\\\\127.0.0.1:${port}`,
    ]);
    for (const [index, url] of last.entries()) {
      host.on(`/chain-${index}`, rawAnswer(`HTTP/1.1 302 Found\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`));
    }
    await expectUntouched(
      'by two redirects',
      last.map((_url, index) => `${host.origin}/chain-${index}`),
    );
  });

  it('is reached by no form of numbers in any base and in any letters', async () => {
    const random = new SeededRandom(hardenSeed());
    const urls = Array.from({ length: RANDOM_FORMS }, () => randomForm(random)(port));
    await expectUntouched('random', urls);
    await expectUntouched('random, by redirect', redirectsTo(urls));
  });
});

describe('a canary whose name is public one moment and loopback the next', () => {
  const NAME = 'rebound.example';
  const url = (): string => `http://${NAME}:${port}/a.jpg`;

  it.each([
    ['loopback', [['127.0.0.1']]],
    ['loopback in IPv6', [['::1']]],
    ['a public address and loopback', [[PUBLIC, '127.0.0.1']]],
    ['loopback and a public address', [['127.0.0.1', PUBLIC]]],
    ['ten public addresses and loopback', [[...Array.from({ length: 10 }, (_, index) => `2d00::${index + 1}`), '::1']]],
    ['loopback as IPv6 carries it', [['::ffff:127.0.0.1']]],
    ['loopback as a translator has it', [['64:ff9b::7f00:1']]],
    ['nowhere', [['0.0.0.0']]],
    ['nowhere in IPv6', [['::']]],
    ['a link with a zone', [['fe80::1%lo']]],
    ['what is no address', [['localhost']]],
    ['an address in a shorter form', [['127.1']]],
    ['nothing', [[]]],
  ])('is not reached where it resolves to %s', async (_what, given) => {
    answers = given;
    expect((await ask(url())).code).toBe('IMAGE_UNREACHABLE');
    const [moved = ''] = redirectsTo([url()]);
    expect((await ask(moved)).code).toBe('IMAGE_UNREACHABLE');
    expect(questions).toEqual([NAME, NAME]);
    expect(touches).toBe(0);
  });

  it('is not reached at the second question, and is asked for once for each connection', async () => {
    answers = [[PUBLIC], ['127.0.0.1']];
    expect((await ask(url())).code).toBe('IMAGE_UNREACHABLE');
    expect(questions).toEqual([NAME]);
    expect((await ask(url())).code).toBe('IMAGE_UNREACHABLE');
    expect(questions).toEqual([NAME, NAME]);
    expect(touches).toBe(0);
  });

  it('is not reached by a redirect from itself, public by then', async () => {
    answers = [[PUBLIC], ['127.0.0.1'], [PUBLIC], ['::1']];
    for (let turn = 0; turn < 4; turn += 1) {
      const [moved = ''] = redirectsTo([url()]);
      expect((await ask(moved)).code).toBe('IMAGE_UNREACHABLE');
    }
    expect(questions).toHaveLength(4);
    expect(touches).toBe(0);
  });
});
