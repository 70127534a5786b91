import { describe, expect, it } from 'vitest';
import {
  AnswerBody,
  keptText,
  KEPT_LIMIT,
  READ_LIMIT,
} from '../../../../server/src/destinations/webhook/answer-body';

function take(...chunks: Buffer[]) {
  const body = new AnswerBody();
  const wanted = chunks.map((chunk) => body.take(chunk));
  return { wanted, ...body.text() };
}

describe("an answer's body", () => {
  it('has the limits of the contract', () => {
    expect([READ_LIMIT, KEPT_LIMIT]).toEqual([65_536, 4_096]);
  });

  it('is kept whole up to 4 KiB', () => {
    expect(take()).toEqual({ wanted: [], text: '', truncated: false });
    expect(take(Buffer.from('not '), Buffer.from('today'))).toMatchObject({
      text: 'not today',
      truncated: false,
    });
    const full = take(Buffer.alloc(KEPT_LIMIT, 'a'));
    expect(full).toMatchObject({ text: 'a'.repeat(4096), truncated: false });
  });

  it('is cut after 4 KiB, and says so', () => {
    const cut = take(Buffer.alloc(KEPT_LIMIT, 'a'), Buffer.from('b'));
    expect(cut).toMatchObject({ text: 'a'.repeat(4096), truncated: true });
  });

  it('is wanted up to 64 KiB and no further', () => {
    const half = Buffer.alloc(READ_LIMIT / 2);
    expect(take(half, half, Buffer.alloc(1)).wanted).toEqual([true, true, false]);
  });

  it('is cut between characters', () => {
    for (const character of ['ü', '€', '🗞']) {
      for (let before = 0; before < 5; before += 1) {
        const text = 'a'.repeat(KEPT_LIMIT - before) + character.repeat(4);
        const kept = take(Buffer.from(text)).text;
        expect(text.startsWith(kept)).toBe(true);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(KEPT_LIMIT);
        expect(Buffer.byteLength(kept)).toBeGreaterThan(KEPT_LIMIT - 4);
      }
    }
  });

  it('joins a character that two chunks share', () => {
    const [a, b] = [Buffer.from([0xe2, 0x82]), Buffer.from([0xac])];
    expect(take(a, b).text).toBe('€');
  });

  it('is text that every database takes: no NUL, no half characters, at most 4 KiB', () => {
    expect(keptText(Buffer.from('a\0b'))).toBe('a\uFFFDb');
    expect(keptText(Buffer.from([0x61, 0xff, 0xc3]))).toBe('a\uFFFD\uFFFD');
    for (const byte of [0x00, 0xff, 0x80, 0xf0]) {
      const text = keptText(Buffer.alloc(KEPT_LIMIT, byte));
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(KEPT_LIMIT);
      expect(text).toMatch(/^\uFFFD+$/);
    }
  });
});
