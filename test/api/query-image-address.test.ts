import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photograph as answerWith, redirect, startImageHost, status, type ImageHost } from '../support/image-host.js';
import {
  giveQueryImage,
  makeQueryImage,
  queryImagePayload,
  refusedPayload,
  type Refusal,
} from '../support/query-images.js';
import { startReplica } from '../support/replica.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;
let host: ImageHost;
/** Answers that `/slow.jpg` still owes. */
const waiting: ServerResponse[] = [];

beforeAll(async () => {
  host = await startImageHost({
    '/photo.jpg': answerWith(await testPhotograph(1)),
    '/page.html': answerWith(Buffer.from('<html></html>')),
    '/gone.jpg': status(410),
    '/busy.jpg': status(503),
    '/slow.jpg': (_request, response) => waiting.push(response),
    '/inside.jpg': redirect('http://169.254.169.254/latest/meta-data'),
  });
  shop = await startTestShop({ products: 1, env: { QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS: host.host } });
});

afterAll(async () => {
  await shop.close();
  await host.close();
});

const noUrl = (shown: string): Refusal => [
  'BAD_USER_INPUT',
  `\`input.url\` must be an absolute address that begins with http:// or https://, and "${shown}" is none.`,
];
const unreachable = (message: string): Refusal => ['IMAGE_UNREACHABLE', message];
const blocked = (): Refusal =>
  unreachable(
    'Nothing is fetched from the host of `input.url`, because its address is private or reserved: upload the photograph instead.',
  );

describe('an address that leads to no photograph', () => {
  it.each<[string, () => string, (url: string) => Refusal]>([
    [
      'nobody has it',
      () => `${host.origin}/none.jpg?key=secret`,
      (url) =>
        unreachable(`The photograph at ${url.replace(/\?.*/, '')} can't be fetched: its host answers with status 404.`),
    ],
    [
      'it is gone',
      () => `${host.origin}/gone.jpg`,
      (url) => unreachable(`The photograph at ${url} can't be fetched: its host answers with status 410.`),
    ],
    [
      'it is a page',
      () => `${host.origin}/page.html`,
      () => [
        'IMAGE_UNREADABLE',
        'The file is an HTML page, which is not accepted: give a JPEG, PNG, WebP, AVIF or GIF photograph.',
      ],
    ],
    [
      'its host does not exist',
      () => 'http://nobody.invalid/a.jpg',
      (url) => unreachable(`The photograph at ${url} can't be fetched: there is no host of that name (ENOTFOUND).`),
    ],
    ['it is inside', () => 'http://10.0.0.1/a.jpg', blocked],
    ['it is inside, in disguise', () => 'http://2130706433/a.jpg', blocked],
    ['it is this machine', () => 'http://localhost:4000/graphql', blocked],
    ['it leads inside', () => `${host.origin}/inside.jpg`, blocked],
    ['it has another scheme', () => 'file:///etc/passwd', () => noUrl('file:…')],
    ['it holds the photograph', () => 'data:image/jpeg;base64,AAAA', () => noUrl('data:…')],
    ['it is relative', () => '1.jpg', () => noUrl('1.jpg')],
    ['it has no scheme', () => '//shop.example/1.jpg', () => noUrl('//shop.example/1.jpg')],
    ['it is empty', () => '', () => noUrl('')],
    ['it is no URL', () => 'http://[::1', () => noUrl('http://[::1')],
    [
      'it is too long',
      () => `http://shop.example/${'x'.repeat(8000)}`,
      () => ['BAD_USER_INPUT', '`input.url` may have at most 8000 characters, and has 8020.'],
    ],
  ])('is refused: %s', async (_what, url, refusal) => {
    expect(await queryImagePayload(shop, { url: url() })).toEqual(refusedPayload({ url: url() }, refusal(url())));
  });

  it('is tried once', async () => {
    const url = `${host.origin}/busy.jpg`;
    const before = host.requests.length;
    const refusal = unreachable(`The photograph at ${url} can't be fetched: its host answers with status 503.`);
    expect(await queryImagePayload(shop, { url })).toEqual(refusedPayload({ url }, refusal));
    expect(host.requests.length).toBe(before + 1);
  });
});

describe('addresses of many at once', () => {
  it('are refused beyond sixteen, and fetched again once those have come', async () => {
    const url = `${host.origin}/slow.jpg`;
    const asked = Array.from({ length: 16 }, () => queryImagePayload(shop, { url }));
    await until('all are on their way', () => waiting.length === 16);
    const { errors } = await giveQueryImage(shop, { url });
    expect(errors?.[0]).toMatchObject({
      message: '16 photographs are being fetched for others already: try again in a moment.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 1000 },
    });
    for (const response of waiting) response.writeHead(404).end();
    await Promise.all(asked);
    expect(await makeQueryImage(shop, { url: `${host.origin}/photo.jpg` })).toMatch(/^[\w-]{22}$/);
  });
});

describe("a private host of the catalogue's", () => {
  it('is none that strangers may have fetched from', async () => {
    const config = {
      ...shop.config,
      images: { ...shop.config.images, allowedPrivateHosts: [host.host] },
      queryImages: { ...shop.config.queryImages, allowedPrivateHosts: [] },
    };
    const replica = await startReplica({ ...shop, config }, { workers: 0 });
    const url = `${host.origin}/photo.jpg`;
    expect(await queryImagePayload(replica, { url })).toEqual(refusedPayload({ url }, blocked()));
    await replica.app.close();
  });
});

describe('an address that leads to a photograph', () => {
  it('may have white space around it', async () => {
    expect(await makeQueryImage(shop, { url: ` ${host.origin}/photo.jpg\n` })).toMatch(/^[\w-]{22}$/);
  });
});
