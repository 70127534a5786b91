const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret: `whsec_` + base64 of 32 bytes. `randomBytes` is node's, or a stand-in in tests. */
export function generateSecret(randomBytes: (size: number) => Buffer): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/**
 * The bytes that a secret stands for, with or without its `whsec_`; null where it is empty or not base64. Strict,
 * because Buffer reads any text as base64 and skips what does not fit.
 */
export function decodeSecret(secret: string): Buffer | null {
  const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length > 0 ? bytes : null;
}
