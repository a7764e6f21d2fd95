import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/services/images/decode-base64.js';

const limits = { argument: 'input.base64', maxBytes: 64 };
const bytesOf = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));

describe('decodeBase64', () => {
  it('gives back any bytes, plain, in lines and as a data: URL', () => {
    const heads = fc.constantFrom('', 'data:image/jpeg;base64,', 'DATA:;base64,', 'data:image/png;name=a.png;base64,');
    fc.assert(
      fc.property(bytesOf, heads, fc.constantFrom('', '\n', '\r\n', ' '), (bytes, head, space) => {
        const text = bytes.toString('base64').replaceAll(/.{8}/g, `$&${space}`);
        expect(decodeBase64(`${head}${text}`, limits)).toEqual(bytes);
      }),
    );
  });

  it('passes over nothing: what it takes is what there is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        try {
          const again = decodeBase64(text, limits).toString('base64');
          // The last letter may have bits that no byte needs.
          expect(again.length).toBe(text.replaceAll(/\s/g, '').length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_USER_INPUT', details: { argument: 'input.base64' } });
        }
      }),
    );
  });

  it('takes as many bytes as are accepted, and not one more', () => {
    expect(decodeBase64(Buffer.alloc(64).toString('base64'), limits)).toHaveLength(64);
    expect(() => decodeBase64(Buffer.alloc(65).toString('base64'), limits)).toThrow(
      'The photograph in `input.base64` is larger than the 64 bytes that are accepted.',
    );
  });

  it('refuses a long text that is none as fast as it reads one', () => {
    const [long, argument] = ['A'.repeat(8_000_000), 'input.base64'];
    expect(() => decodeBase64(`${long}====`, { argument, maxBytes: 1e9 })).toThrow('`input.base64` must be');
    expect(decodeBase64(long, { argument, maxBytes: 1e9 })).toHaveLength(6_000_000);
  });
});
