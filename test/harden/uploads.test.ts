import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scale } from '../support/harden-scale.js';
import { breakOff, rawUpload, sendRaw } from '../support/raw-upload.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';
import { ACCEPTED_BODIES, REFUSED_BODIES, map, operations } from './uploads-bodies.js';
import { builtIns, changesSince } from './uploads-built-ins.js';
import { BOUNDARY, FORM, beginUpload, bodyOf, file, post, type Outcome, type Part } from './uploads-requests.js';

const MAX_IMAGE_BYTES = 100_000;
/** What a request of one photograph may take in memory: with its two fields. */
const REQUEST_BYTES = MAX_IMAGE_BYTES + 2_000_000;

let shop: TestShop;
let photograph: Buffer;

beforeAll(async () => {
  photograph = await testPhotograph(2);
  shop = await startTestShop({
    products: 3,
    env: { IMAGE_MAX_BYTES: String(MAX_IMAGE_BYTES), TRUST_PROXY: 'loopback' },
  });
  await shop.backfill();
});

afterAll(() => shop.close());

const photo = (name = '0'): Part => file(name, photograph);

const send = (parts: readonly Part[], headers: Record<string, string> = {}): Promise<Outcome> =>
  post(shop.app.url, new Uint8Array(bodyOf(parts)), headers);

const sound = (): Promise<Outcome> => send([operations(), map(), photo()]);

/** Other processes have some of their own there. */
const temporaryFiles = (): string[] => readdirSync(tmpdir()).filter((name) => /upload|busboy|capacitor/i.test(name));

const FOUND = { status: 200, code: null };
const REFUSED = { status: 400, code: 'BAD_USER_INPUT' };

describe('a multipart request', () => {
  it.each(ACCEPTED_BODIES)('is answered %s', async (_what, parts) => {
    expect(await send(parts(photo))).toMatchObject(FOUND);
  });

  it('is answered in pieces without a length', async () => {
    const body = bodyOf([operations(), map(), photo()]);
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < body.length; at += 100) yield new Uint8Array(body.subarray(at, at + 100));
    };
    expect(await post(shop.app.url, ReadableStream.from(pieces()))).toMatchObject(FOUND);
  });

  it('that names a file which nobody reads comes to its end', async () => {
    const unread = file('0', Buffer.alloc(MAX_IMAGE_BYTES * 10));
    const outcome = await send([operations(), map('{"0":[]}'), unread]);
    expect(outcome).toMatchObject({ status: 200, code: 'BAD_USER_INPUT' });
  });

  it.each(REFUSED_BODIES)('is refused %s', async (_what, parts) => {
    const outcome = await send(parts(photo));
    expect(outcome).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(outcome.message.length).toBeLessThan(300);
    expect(await sound()).toMatchObject(FOUND);
  });

  it.each<[string, Record<string, string>]>([
    ['without a boundary', { 'content-type': 'multipart/form-data' }],
    ['with another boundary', { 'content-type': 'multipart/form-data; boundary=other' }],
    ['with a boundary of 8000 letters', { 'content-type': `multipart/form-data; boundary=${'b'.repeat(8000)}` }],
    ['that is said to be compressed', { 'content-type': FORM, 'content-encoding': 'gzip' }],
  ])('is refused or answered, and never waited for, %s', async (_what, headers) => {
    const outcome = await send([operations(), map(), photo()], headers);
    expect([FOUND, REFUSED]).toContainEqual({ status: outcome.status, code: outcome.code });
    expect(await sound()).toMatchObject(FOUND);
  });

  it('is cut off far past the limit', async () => {
    const outcome = await send([
      operations(),
      map(),
      file('0', Buffer.alloc(20 * MAX_IMAGE_BYTES + REQUEST_BYTES)),
    ]).catch(
      // The connection may be closed while the client still sends.
      () => ({ status: 413, code: 'IMAGE_TOO_LARGE' }),
    );
    expect(outcome).toMatchObject({ status: 413, code: 'IMAGE_TOO_LARGE' });
    expect(await sound()).toMatchObject(FOUND);
  });

  it('leaves the server as it was wherever it is broken off', async () => {
    const request = rawUpload(photograph);
    const temporary = temporaryFiles();
    const count = scale(20, 200);
    for (let part = 1; part <= count; part += 1) {
      await breakOff(shop.app.url, request.subarray(0, Math.floor((request.length * part) / (count + 1))));
      expect(await sendRaw(shop.app.url, request)).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect(temporaryFiles()).toEqual(temporary);
  });
});

const BASES = [
  '',
  'variables.',
  'variables.image.',
  'variables.list.',
  'variables.list.0.',
  'variables.text.',
  'variables.number.',
  'extensions.',
];
const INHERITED = [
  ...[
    '__proto__',
    '__proto__.polluted',
    '__proto__.toString',
    '__proto__.__proto__',
    'constructor',
    'constructor.name',
  ],
  ...[
    'constructor.prototype',
    'constructor.prototype.polluted',
    'constructor.constructor.prototype.call',
    'prototype.polluted',
  ],
  ...[
    'toString',
    'toString.call',
    'hasOwnProperty.call',
    'valueOf.name',
    '__defineGetter__.call',
    '__lookupSetter__.apply',
  ],
  ...['length', 'push', 'map.call', 'at', '-1', '1e0', '00', '4294967295', 'toJSON', 'then', 'promise', 'file'],
];

/** As an attack writes them: an object literal would make `__proto__` the prototype. */
const VARIABLES = '{"image":null,"list":[null],"text":"x","number":1,"__proto__":null,"constructor":null}';

/** A property of their own, however it is called: theirs to set. */
const OWN = ['variables.constructor'];

describe('a path of the map that leads to what is inherited', () => {
  it('is refused wherever it begins, and nothing that the process shares is touched', async () => {
    await sound();
    const before = builtIns();
    const paths = BASES.flatMap((base) => INHERITED.map((key) => base + key)).filter((path) => !OWN.includes(path));
    expect(paths.length).toBeGreaterThan(200);
    for (const path of paths) {
      const outcome = await send([operations(VARIABLES), map(JSON.stringify({ 0: [path] })), photo()]);
      expect({ path, status: outcome.status, code: outcome.code }).toEqual({ path, ...REFUSED });
    }
    expect(changesSince(before)).toEqual([]);
    for (const path of OWN) await send([operations(VARIABLES), map(JSON.stringify({ 0: [path] })), photo()]);
    expect(changesSince(before)).toEqual([]);
    expect(await sound()).toMatchObject(FOUND);
  });
});

describe('uploads of many at once', () => {
  const from = (client: string): string[] => [`X-Forwarded-For: ${client}`];
  const large = (client: string): Promise<Outcome> =>
    post(shop.app.url, `--${BOUNDARY}\r\n${'x'.repeat(300_000)}`, { 'x-forwarded-for': client });

  const refused = (what: string) => ({
    status: 503,
    code: 'SERVICE_UNAVAILABLE',
    message: `${what} being received already, and there is no room for this one: try again in 1000 ms.`,
    retryAfter: '1',
  });

  it('are refused past what a client may have in memory, and past what all may, until others have left', async () => {
    const begin = (client: string) => beginUpload(shop.app.url, REQUEST_BYTES, from(client));
    const sockets = await Promise.all(
      Array.from({ length: 16 }, (_, index) => begin(`203.0.113.${Math.floor(index / 4)}`)),
    );
    await until('there is no room', async () => (await large('198.51.100.1')).status === 503);
    expect(await large('203.0.113.0')).toEqual(refused('Other photographs of yours are'));
    expect(await large('198.51.100.1')).toEqual(refused('Too many photographs are'));
    expect(await shop.query('{ __typename }')).toMatchObject({ status: 200 });
    expect(await sound()).toMatchObject(FOUND);
    for (const socket of sockets) socket.resetAndDestroy();
    await until('there is room again', async () => (await large('203.0.113.0')).status === 400);
  });
});
