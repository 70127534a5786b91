import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import { openStrapiSecret } from '../../../server/src/domain/secret-at-rest';
import { Secrets } from '../../../server/src/services/secrets';

/** Text in the form of Strapi's `admin::encryption`, which a test with a Strapi compares with the real one. */
export function strapiEncrypt(value: string, rawKey: string): string {
  const iv = randomBytes(16);
  const key = createHash('sha256').update(rawKey).digest();
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const data = cipher.update(value, 'utf8', 'hex') + cipher.final('hex');
  return `v1:${iv.toString('hex')}:${data}:${cipher.getAuthTag().toString('hex')}`;
}

/** Secrets of a process whose Strapi has this key, or none, and that may read under others. */
export function secretsUnder(rawKey: string | null, ...others: string[]): Secrets {
  const strapi = {
    config: { get: () => rawKey },
    service: () => ({
      encrypt: (value: string) => (rawKey === null ? null : strapiEncrypt(value, rawKey)),
      decrypt: (text: string) => (rawKey === null ? null : openStrapiSecret(text, rawKey)),
    }),
  };
  return new Secrets(strapi as unknown as Core.Strapi, others);
}
