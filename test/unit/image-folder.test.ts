import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeImageSource, type ImageSource } from '../../src/services/images/image-source.js';
import { imageSettings } from '../support/image-host.js';
import { imageErrorOf } from '../support/image-source-fixture.js';

const PHOTOGRAPH = Buffer.from('the bytes of a photograph');

describe('a folder of images', () => {
  let folder: string;
  let source: ImageSource;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lookalike-images-'));
    const root = join(folder, 'root');
    await mkdir(join(root, 'shoes'), { recursive: true });
    await mkdir(join(folder, 'root-beside'));
    const files = [
      'root/shoes/a b.jpg',
      'root/photo#1.jpg',
      'root/50%.jpg',
      'root/a%20b.jpg',
      'secret.jpg',
      'root-beside/secret.jpg',
    ];
    for (const file of files) await writeFile(join(folder, file), PHOTOGRAPH);
    await writeFile(join(root, 'empty.jpg'), '');
    await writeFile(join(root, 'large.jpg'), 'x');
    await truncate(join(root, 'large.jpg'), 5000);
    await symlink('shoes/a b.jpg', join(root, 'inside.jpg'));
    await symlink('../secret.jpg', join(root, 'out.jpg'));
    await symlink('../root-beside', join(root, 'beside'));
    await symlink('..', join(root, 'up'));
    await symlink('loop.jpg', join(root, 'loop.jpg'));
    await symlink('/dev/zero', join(root, 'zero.jpg'));
    execFileSync('mkfifo', [join(root, 'pipe.jpg')]);
    await symlink('root', join(folder, 'linked-root'));
    source = makeImageSource(imageSettings({ root, maxBytes: 4096 }));
  });

  afterAll(async () => {
    await source.close();
    await rm(folder, { recursive: true });
  });

  it('gives a photograph with the date of its file', async () => {
    const fetched = await source.read('shoes/a b.jpg');
    expect(fetched.bytes).toEqual(PHOTOGRAPH);
    expect(fetched.etag).toBeNull();
    expect(Date.parse(fetched.lastModified ?? '')).not.toBeNaN();
  });

  it.each([
    'shoes/a%20b.jpg',
    'shoes//a b.jpg',
    './shoes/./a b.jpg',
    'shoes/a b.jpg?v=2',
    'photo#1.jpg',
    '50%.jpg',
    'a%20b.jpg',
  ])('gives the photograph at "%s"', async (url) => {
    expect((await source.read(url)).bytes).toEqual(PHOTOGRAPH);
  });

  it('gives a photograph behind a link that stays inside', async () => {
    expect((await source.read('inside.jpg')).bytes).toEqual(PHOTOGRAPH);
  });

  it('may be a link itself', async () => {
    const linked = makeImageSource(imageSettings({ root: join(folder, 'linked-root') }));
    expect((await linked.read('inside.jpg')).bytes).toEqual(PHOTOGRAPH);
    await linked.close();
  });

  it.each(['out.jpg', 'beside/secret.jpg', 'up/secret.jpg', 'up/root-beside/secret.jpg', 'zero.jpg'])(
    'does not give "%s", a link that leads out',
    async (url) => {
      expect(await imageErrorOf(source.read(url))).toMatchObject({
        reason: 'BLOCKED_ADDRESS',
        message: `The photograph at "${url}" is not read: it leads out of the folder that IMAGE_ROOT names.`,
      });
    },
  );

  it.each([
    '../secret.jpg',
    'shoes/../../secret.jpg',
    '%2e%2e/secret.jpg',
    '..%2fsecret.jpg',
    '..\\secret.jpg',
    '/secret.jpg',
  ])('does not give "%s", a way out', async (url) => {
    expect((await imageErrorOf(source.read(url))).reason).toBe('BLOCKED_ADDRESS');
  });

  it('does not give its own absolute path', async () => {
    expect((await imageErrorOf(source.read(join(folder, 'root/shoes/a b.jpg')))).reason).toBe('BLOCKED_ADDRESS');
  });

  it.each(['shoes', 'pipe.jpg'])('does not give "%s", which is no file', async (url) => {
    expect(await imageErrorOf(source.read(url))).toMatchObject({
      reason: 'BLOCKED_ADDRESS',
      message: `The photograph at "${url}" is not read: it is not a regular file.`,
    });
  });

  it.each(['none.jpg', 'none/none.jpg', 'empty.jpg/none.jpg', `${'x'.repeat(150)}/${'y'.repeat(300)}.jpg`])(
    'has no photograph at "%s"',
    async (url) => {
      const shown = url.length > 200 ? `${url.slice(0, 200)}…` : url;
      expect(await imageErrorOf(source.read(url))).toMatchObject({
        reason: 'NOT_FOUND',
        isTransient: false,
        message: `There is no photograph at "${shown}" in the folder of images.`,
      });
    },
  );

  it('does not follow a link in a circle', async () => {
    expect((await imageErrorOf(source.read('loop.jpg'))).reason).toBe('BLOCKED_ADDRESS');
  });

  it('says that a photograph is empty', async () => {
    expect(await imageErrorOf(source.read('empty.jpg'))).toMatchObject({
      reason: 'EMPTY',
      message: 'The photograph at "empty.jpg" is empty: it has 0 bytes.',
    });
  });

  it('says that a photograph is too large', async () => {
    expect(await imageErrorOf(source.read('large.jpg'))).toMatchObject({
      reason: 'TOO_LARGE',
      message:
        'The photograph at "large.jpg" is larger than 4 KiB, which is the most that is accepted: ' +
        'make it smaller or raise IMAGE_MAX_BYTES.',
    });
  });

  it('says that it is not there itself, which may pass', async () => {
    const missing = makeImageSource(imageSettings({ root: join(folder, 'nowhere') }));
    const error = await imageErrorOf(missing.read('a.jpg'));
    expect(error).toMatchObject({
      reason: 'HOST_UNREACHABLE',
      isTransient: true,
      message: "The folder that IMAGE_ROOT names can't be read: check that it is there.",
    });
  });

  it('never tells where it is', async () => {
    const urls = ['out.jpg', 'none.jpg', 'shoes', 'loop.jpg', 'empty.jpg', 'large.jpg', '../secret.jpg', 'pipe.jpg'];
    const errors = await Promise.all(urls.map((url) => imageErrorOf(source.read(url))));
    for (const error of errors) expect(error.message).not.toContain(folder);
  });

  it('stops for a signal', async () => {
    const reason = new Error('The chunk was cancelled.');
    await expect(source.read('inside.jpg', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
