import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateToken, hashOf, isToken, prefixOf } from '../../../server/src/domain/access-token';

describe("A partner's token", () => {
  it('is nwp_ and 32 random bytes in base64url', () => {
    const token = generateToken((size) => Buffer.alloc(size, 0xfb));
    expect(token).toBe(`nwp_${Buffer.alloc(32, 0xfb).toString('base64url')}`);
    expect(token).toMatch(/^nwp_[A-Za-z0-9_-]{43}$/);
  });

  it('is known again by its hash, and no other one is', () => {
    const token = generateToken(randomBytes);
    expect(isToken(token, hashOf(token))).toBe(true);
    expect(isToken(generateToken(randomBytes), hashOf(token))).toBe(false);
    expect(isToken(`${token}x`, hashOf(token))).toBe(false);
    expect(isToken(token.slice(0, -1), hashOf(token))).toBe(false);
    expect(isToken(prefixOf(token), hashOf(token))).toBe(false);
  });

  it('is nobody’s where no token has its prefix, whatever it is', () => {
    expect(isToken(generateToken(randomBytes), null)).toBe(false);
    expect(isToken('', null)).toBe(false);
    expect(isToken('', '')).toBe(false);
  });

  it('keeps most of itself out of its prefix', () => {
    const token = generateToken(randomBytes);
    expect(prefixOf(token)).toHaveLength(16);
    expect(token.startsWith(prefixOf(token))).toBe(true);
    expect(hashOf(token)).toMatch(/^[0-9a-f]{64}$/);
  });
});
