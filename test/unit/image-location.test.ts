import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.js';
import { locateImage, shownUrl } from '../../src/services/images/image-location.js';
import { hostOf, makeImageSource } from '../../src/services/images/image-source.js';
import { readableSize } from '../../src/services/images/readable-size.js';
import { imageSettings } from '../support/image-host.js';

const NO_BASE = { baseUrl: null, root: null };
const CDN = { baseUrl: 'https://cdn.example/media/', root: null };
const FOLDER = { baseUrl: null, root: '/srv/photographs' };

function errorOf(stored: string, base = NO_BASE as Parameters<typeof locateImage>[1]): ImageError {
  try {
    locateImage(stored, base);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  throw new Error(`"${stored}" was located.`);
}

describe('locateImage', () => {
  it.each([
    ['http://shop.example/a.jpg', 'http://shop.example/a.jpg'],
    ['  https://shop.example/a b.jpg?v=1 ', 'https://shop.example/a%20b.jpg?v=1'],
    ['HTTPS://Shop.Example/A.jpg', 'https://shop.example/A.jpg'],
    ['//cdn.example/a.jpg', 'https://cdn.example/a.jpg'],
  ])('leads "%s" to its host, whatever the base', (stored, href) => {
    for (const base of [NO_BASE, CDN, FOLDER]) {
      expect(locateImage(stored, base)).toMatchObject({ kind: 'remote', url: { href } });
    }
  });

  it.each([
    ['a.jpg', 'https://cdn.example/media/a.jpg'],
    ['./shoes/a b.jpg', 'https://cdn.example/media/shoes/a%20b.jpg'],
    ['shoes/ü.jpg?size=../big', 'https://cdn.example/media/shoes/%C3%BC.jpg?size=../big'],
    ['/media/a.jpg', 'https://cdn.example/media/a.jpg'],
    ['a..b.jpg', 'https://cdn.example/media/a..b.jpg'],
  ])('leads "%s" below the base', (stored, href) => {
    expect(locateImage(stored, CDN)).toMatchObject({ kind: 'remote', url: { href } });
  });

  it('tries a file by its name as stored, then as a browser would mean it', () => {
    const namesOf = (stored: string) => locateImage(stored, FOLDER);
    expect(namesOf('a b.jpg')).toEqual({ kind: 'file', root: '/srv/photographs', names: ['a b.jpg'] });
    expect(namesOf('a%20b.jpg?v=1')).toMatchObject({ names: ['a%20b.jpg?v=1', 'a b.jpg'] });
    expect(namesOf('50% off.jpg')).toMatchObject({ names: ['50% off.jpg'] });
  });

  it.each([
    '../secret.jpg',
    'shoes/../../secret.jpg',
    'shoes/..',
    '%2e%2e/secret.jpg',
    '.%2E/secret.jpg',
    'shoes%2f..%2f..%2fsecret.jpg',
    '..\\secret.jpg',
    'shoes\\..\\..\\secret.jpg',
    '%5c%5cevil.example%5ca.jpg',
    '\\\\evil.example\\a.jpg',
    '/\\evil.example/a.jpg',
    '\\/evil.example/a.jpg',
    '/secret.jpg',
    '/etc/passwd',
    '/media/../secret.jpg',
  ])('lets "%s" out of no base', (stored) => {
    for (const base of [CDN, FOLDER]) {
      expect(errorOf(stored, base)).toMatchObject({
        reason: 'BLOCKED_ADDRESS',
        message:
          `The image URL "${stored}" is not read: a relative URL must stay below IMAGE_BASE_URL or IMAGE_ROOT, ` +
          'without "..", backslashes or a leading slash that leads out of it.',
      });
    }
  });

  it.each(['%2fetc/passwd', 'a.jpg?x=/../../b', 'a%00.jpg'])('lets "%s" out of no folder', (stored) => {
    expect(errorOf(stored, FOLDER).reason).toBe('BLOCKED_ADDRESS');
  });

  it.each(['a\0.jpg', 'a\n.jpg', 'java\tscript:alert(1)', 'a\u0085.jpg'])(
    'refuses control characters: %j',
    (stored) => {
      for (const base of [NO_BASE, CDN, FOLDER]) {
        expect(errorOf(stored, base).message).toMatch(/ is not read: it has a control character in it\.$/);
      }
    },
  );

  it('shows a control character as a replacement character', () => {
    expect(errorOf('a\0b.jpg', CDN).message).toBe(
      'The image URL "a\uFFFDb.jpg" is not read: it has a control character in it.',
    );
  });

  it.each([
    ['file:///etc/passwd', 'file:…'],
    ['data:image/png;base64,iVBORw0KGgo=', 'data:…'],
    ['javascript:alert(1)', 'javascript:…'],
    ['ftp://user:secret@host.example/a.jpg?secret', 'ftp://host.example/a.jpg'],
    ['C:\\photographs\\a.jpg', 'c:…'],
    ['user:secret@host.example/a.jpg', 'user:…'],
  ])('does not read "%s"', (stored, shown) => {
    for (const base of [NO_BASE, CDN, FOLDER]) {
      expect(errorOf(stored, base)).toMatchObject({
        reason: 'BLOCKED_ADDRESS',
        message: `The image URL "${shown}" is not read: it must begin with http:// or https://, or be relative.`,
      });
    }
  });

  it.each(['', '   '])('says that there is no URL in %j', (stored) => {
    expect(errorOf(stored)).toMatchObject({
      reason: 'NOT_FOUND',
      message: 'The image has no address: its URL is empty.',
    });
  });

  it('says what to set where a relative URL has no base', () => {
    expect(errorOf('shoes/a.jpg?sig=secret')).toMatchObject({
      reason: 'NOT_FOUND',
      code: 'IMAGE_UNREACHABLE',
      message:
        'The image URL "shoes/a.jpg" is relative, and there is nothing that it is relative to: ' +
        'set IMAGE_BASE_URL to the address or IMAGE_ROOT to the folder that such URLs are below.',
    });
  });

  it('says which URL is none', () => {
    expect(errorOf('https://user:se?cret@shop example/a.jpg#secret')).toMatchObject({
      reason: 'HOST_UNREACHABLE',
      isTransient: false,
      message: 'The image URL "https://shop example/a.jpg" is not a valid URL: correct it.',
    });
  });
});

describe('shownUrl', () => {
  it.each([
    ['https://user:secret@shop.example:8443/a.jpg?X-Amz-Signature=secret#secret', 'https://shop.example:8443/a.jpg'],
    ['https://secret@shop.example', 'https://shop.example/'],
    ['//user:secret@shop example/a.jpg', '//shop example/a.jpg'],
    ['1user:secret@shop.example/a.jpg', 'shop.example/a.jpg'],
    ['shoes/photo@2x.jpg?token=secret', 'shoes/photo@2x.jpg'],
    ['https://shop.example/@brand/a.jpg', 'https://shop.example/@brand/a.jpg'],
  ])('shows %s as %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  it('cuts a long one', () => {
    expect(shownUrl(`a/${'b'.repeat(5000)}`)).toBe(`a/${'b'.repeat(198)}…`);
  });
});

describe('publicUrl', () => {
  const publicUrl = (stored: string, base: Partial<typeof CDN> | Partial<typeof FOLDER> = {}) =>
    makeImageSource(imageSettings(base)).publicUrl(stored);

  it('leaves absolute URLs as they are', () => {
    for (const url of ['https://Shop.Example/a b.jpg?sig=x#y', 'http://10.0.0.5/a.jpg', 'https://shop.example']) {
      expect(publicUrl(url)).toBe(url);
      expect(publicUrl(url, CDN)).toBe(url);
      expect(publicUrl(url, FOLDER)).toBe(url);
    }
  });

  it('says https where the URL leaves the scheme open', () => {
    expect(publicUrl('//cdn.example/a.jpg')).toBe('https://cdn.example/a.jpg');
  });

  it('gives no user and password away', () => {
    expect(publicUrl('https://user:secret@shop.example/a.jpg?v=1')).toBe('https://shop.example/a.jpg?v=1');
    const base = { baseUrl: 'https://user:secret@cdn.example/' };
    expect(publicUrl('a.jpg', base)).toBe('https://cdn.example/a.jpg');
  });

  it('puts relative URLs below the base address', () => {
    expect(publicUrl('shoes/a b.jpg?v=1', CDN)).toBe('https://cdn.example/media/shoes/a%20b.jpg?v=1');
  });

  it('puts relative URLs below /images/ where they are files', () => {
    expect(publicUrl('shoes/a b.jpg', FOLDER)).toBe('/images/shoes/a%20b.jpg');
    expect(publicUrl('ü#1?.jpg', FOLDER)).toBe('/images/%C3%BC%231%3F.jpg');
    expect(publicUrl('a%20b.jpg', FOLDER)).toBe('/images/a%2520b.jpg');
  });

  it('leaves relative URLs without a base as they are', () => {
    expect(publicUrl('shoes/a.jpg')).toBe('shoes/a.jpg');
  });

  it.each(['javascript:alert(1)', 'data:text/html,<script>', 'file:///etc/passwd', '../secret.jpg', 'http://[', ''])(
    'gives "%s" nothing to load',
    (stored) => {
      expect(publicUrl(stored, CDN)).toBe('about:invalid');
      expect(publicUrl(stored, FOLDER)).toBe('about:invalid');
    },
  );
});

describe('hostOf', () => {
  it.each([
    ['https://Shop.Example/a.jpg', 'shop.example'],
    ['https://user:secret@shop.example:443/a.jpg', 'shop.example'],
    ['http://shop.example:8080/a.jpg', 'shop.example:8080'],
    ['//cdn.example/a.jpg', 'cdn.example'],
    ['shoes/a.jpg', ''],
    ['/shoes/a.jpg', ''],
    ['http://[', ''],
    ['file:///etc/passwd', ''],
    ['', ''],
  ])('of "%s" is "%s"', (stored, host) => {
    expect(hostOf(stored)).toBe(host);
  });
});

describe('readableSize', () => {
  it.each([
    [512, '512 bytes'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [20 * 1024 * 1024, '20 MiB'],
    [1024 ** 3, '1 GiB'],
    [3 * 1024 ** 4, '3072 GiB'],
  ])('shows %i as %s', (bytes, shown) => {
    expect(readableSize(bytes)).toBe(shown);
  });
});
