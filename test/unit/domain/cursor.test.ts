import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../../server/src/domain/cursor';

const key = Buffer.alloc(32, 1);
const number = fc.nat({ max: 2 ** 48 - 1 });

describe('A cursor', () => {
  it('says what was written into it', () => {
    fc.assert(
      fc.property(number, number, (position, last) => {
        expect(readCursor(writeCursor({ position, last }, key), key)).toEqual({ position, last });
      }),
    );
  });

  it('is one short word that may stand in an address as it is', () => {
    const text = writeCursor({ position: 2 ** 48 - 1, last: 1 }, key);
    expect(text).toMatch(/^[A-Za-z0-9_-]{39}$/);
    expect(encodeURIComponent(text)).toBe(text);
  });

  it('is none under any other key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), number, (other, position) => {
        fc.pre(!key.equals(Buffer.from(other)));
        const text = writeCursor({ position, last: 0 }, key);
        expect(readCursor(text, Buffer.from(other))).toBeNull();
      }),
    );
  });

  it('is none with any bit changed', () => {
    const bytes = Buffer.from(writeCursor({ position: 1_042, last: 1_040 }, key), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const forged = Buffer.from(bytes);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(readCursor(forged.toString('base64url'), key)).toBeNull();
    }
  });

  it('has one form: no other spelling of the same bytes is taken', () => {
    const text = writeCursor({ position: 63, last: 62 }, key);
    const bytes = Buffer.from(text, 'base64url');
    const others = [
      `${text}=`,
      `${text}A`,
      ` ${text}`,
      `${text}\n`,
      bytes.toString('hex'),
      bytes.toString('base64'),
      text.slice(0, -1),
    ];
    for (const other of others) expect(readCursor(other, key)).toBeNull();
  });

  it('is never made of what it is not, and nothing given makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()),
        (text) => {
          expect(readCursor(text, key)).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });
});
