import { afterEach, beforeEach, expect, it } from 'vitest';
import { photograph, redirect, silence, startImageHost, status, type ImageHost } from '../support/image-host.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const FAILURES = `query ($id: ID!) {
  embeddingBackfill(id: $id) { failures { nodes { imageId imageUrl reason message httpStatus } } }
}`;

let host: ImageHost;
let shop: TestShop;

beforeEach(async () => {
  host = await startImageHost();
});

afterEach(async () => {
  await shop.close();
  await host.close();
});

async function startShop(paths: readonly string[]): Promise<void> {
  const images = paths.map((path, index) => {
    const id = String(index + 1);
    return { id, productId: id, url: `${host.origin}${path}`, isMain: true };
  });
  const catalog = { keyType: 'integer', products: images.map(({ id }) => ({ id })), images };
  // An attempt has more time than a busy machine takes for it.
  const env = { IMAGE_ALLOWED_PRIVATE_HOSTS: host.host, IMAGE_TIMEOUT_MS: '3000', IMAGE_MAX_ATTEMPTS: '1' };
  shop = await startTestShop({ catalog, env });
}

it('a backfill embeds what hosts give, and lists with the reason what they do not', async () => {
  host.on('/good.jpg', photograph(await testPhotograph(1)));
  host.on('/broken.jpg', status(500));
  host.on('/slow.jpg', silence());
  host.on('/loop.jpg', redirect('/loop.jpg'));
  host.on('/private.jpg', redirect('http://10.0.0.1/a.jpg'));
  await startShop(['/good.jpg', '/broken.jpg', '/slow.jpg', '/loop.jpg', '/private.jpg']);
  const run = await shop.backfill();
  expect(run).toMatchObject({
    state: 'COMPLETED',
    counts: { total: 5, processed: 5, embedded: 1, skipped: 0, failed: 4 },
  });
  const { data } = await shop.asAdmin(FAILURES, { id: run.id });
  const at = (path: string) => `${host.origin}${path}`;
  expect((data?.embeddingBackfill as { failures: unknown }).failures).toEqual({
    nodes: [
      {
        imageId: '2',
        imageUrl: at('/broken.jpg'),
        reason: 'HOST_UNREACHABLE',
        message: `The photograph at ${at('/broken.jpg')} can't be fetched: its host answers with status 500.`,
        httpStatus: 500,
      },
      {
        imageId: '3',
        imageUrl: at('/slow.jpg'),
        reason: 'TIMEOUT',
        message:
          `The photograph at ${at('/slow.jpg')} did not arrive whole within 3000 ms: ` +
          'its host is slow or does not answer, or IMAGE_TIMEOUT_MS is too short.',
        httpStatus: null,
      },
      {
        imageId: '4',
        imageUrl: at('/loop.jpg'),
        reason: 'REDIRECT_LOOP',
        message: `The photograph at ${at('/loop.jpg')} can't be fetched: its host redirects in a loop or more than 5 times.`,
        httpStatus: null,
      },
      {
        imageId: '5',
        imageUrl: at('/private.jpg'),
        reason: 'BLOCKED_ADDRESS',
        message:
          'Nothing is fetched from the host "10.0.0.1", because its address is private or reserved. ' +
          'To allow it, add the host to IMAGE_ALLOWED_PRIVATE_HOSTS.',
        httpStatus: null,
      },
    ],
  });
});
