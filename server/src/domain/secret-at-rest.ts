import { createDecipheriv, createHash } from 'node:crypto';

/**
 * How secrets stand in the tables: `key:` + id of the encryption key + `:` + what Strapi's encryption made of them. The id
 * tells under which key to read, and which secrets are still under an older one. What was written before there were ids is
 * Strapi's text alone.
 */

const MARK = 'key:';
const MARKED = /^key:([0-9a-f]{8}):(.*)$/s;

/** Eight hex digits that name an encryption key without telling it. */
export function encryptionKeyId(rawKey: string): string {
  return createHash('sha256')
    .update(`newswire encryption key id\0${rawKey}`)
    .digest('hex')
    .slice(0, 8);
}

/** What every secret under this key begins with. */
export function secretPrefix(keyId: string): string {
  return `${MARK}${keyId}:`;
}

/** Takes a stored secret apart; `keyId` is null where it was written without one. */
export function parseStoredSecret(stored: string): { keyId: string | null; text: string } {
  const [, keyId, text] = MARKED.exec(stored) ?? [];
  return keyId === undefined || text === undefined
    ? { keyId: null, text: stored }
    : { keyId, text };
}

/**
 * Reads what Strapi has encrypted under a key that it does not have any more: `v1:` iv `:` data `:` tag, in hex,
 * AES-256-GCM under the SHA-256 of the key's text (the service `admin::encryption` of Strapi 5.54).
 *
 * @returns null where the key is another one, or the text is not in that form.
 */
export function openStrapiSecret(text: string, rawKey: string): string | null {
  const [version, iv, data, tag, ...rest] = text.split(':');
  if (version !== 'v1' || !iv || data === undefined || !tag || rest.length > 0) return null;
  try {
    const key = createHash('sha256').update(rawKey).digest();
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'hex'), {
      authTagLength: 16,
    });
    decipher.setAuthTag(Buffer.from(tag, 'hex'));
    return decipher.update(data, 'hex', 'utf8') + decipher.final('utf8');
  } catch {
    // Another key, or changed data: GCM does not say which, and nobody can do otherwise about it.
    return null;
  }
}
