import { createHash, timingSafeEqual } from 'node:crypto';

/** What every partner's token begins with, so that a scanner of leaked secrets can tell it. */
export const TOKEN_MARK = 'nwp_';

const TOKEN_BYTES = 32;

/** Characters by which a token is found: its mark, and 72 of its 256 bits. */
const PREFIX_LENGTH = 16;

/** Compared with where no token has the prefix, so that it takes as long. */
const NOBODY = Buffer.alloc(32);

/** A new token: `nwp_` + base64url of 32 bytes. `randomBytes` is node's, or a stand-in in tests. */
export function generateToken(randomBytes: (size: number) => Buffer): string {
  return TOKEN_MARK + randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What of a token is kept in clear, to find it by and to tell it from others. */
export function prefixOf(token: string): string {
  return token.slice(0, PREFIX_LENGTH);
}

/** What else is kept: SHA-256 of the whole, hex. A token has 256 random bits, so nothing slower is needed. */
export function hashOf(token: string): string {
  return digestOf(token).toString('hex');
}

/**
 * Whether a token is the one with this hash, in a time that tells nothing of either.
 *
 * @param hash as of {@link hashOf}; null where no token has the prefix.
 */
export function isToken(token: string, hash: string | null): boolean {
  const known = hash === null ? NOBODY : Buffer.from(hash, 'hex');
  const given = digestOf(token);
  return known.length === given.length && timingSafeEqual(given, known) && hash !== null;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
