import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import {
  encryptionKeyId,
  openStrapiSecret,
  parseStoredSecret,
  secretPrefix,
} from '../domain/secret-at-rest';

interface EncryptionService {
  encrypt(value: string): string | null;
  decrypt(value: string): string | null;
}

const HOW_TO =
  "Set admin.secrets.encryptionKey in config/admin, e.g. secrets: { encryptionKey: env('ENCRYPTION_KEY') }, and restart";

/**
 * Secrets at rest, under Strapi's own encryption key (AES-256-GCM), marked with that key's id. Without that key nothing is
 * stored at all. Secrets under one of the other keys given can be read, and are encrypted again at the next start.
 */
export class Secrets {
  readonly #strapi: Core.Strapi;
  readonly #others: ReadonlyMap<string, string>;

  /** @param otherKeys keys under which secrets were stored before, or will be after the next change. */
  constructor(strapi: Core.Strapi, otherKeys: readonly string[]) {
    this.#strapi = strapi;
    this.#others = new Map(otherKeys.map((key) => [encryptionKeyId(key), key]));
  }

  /** True when Strapi has an encryption key. */
  get available(): boolean {
    return this.#currentKey !== null;
  }

  /** What every secret begins with that is stored under the current key; null without one. */
  get currentPrefix(): string | null {
    const key = this.#currentKey;
    return key === null ? null : secretPrefix(encryptionKeyId(key));
  }

  /** @throws ApplicationError (code `encryption_key_missing`): a secret is never stored in clear. */
  encrypt(value: string): string {
    const prefix = this.currentPrefix;
    const encrypted = prefix === null ? null : this.#service().encrypt(value);
    if (prefix === null || encrypted === null) {
      throw new errors.ApplicationError(
        `Secrets cannot be stored: this Strapi has no encryption key. ${HOW_TO}.`,
        { code: 'encryption_key_missing' },
      );
    }
    return prefix + encrypted;
  }

  /** Null when the key that the secret was stored under is not among those given. */
  decrypt(stored: string): string | null {
    const { keyId, text } = parseStoredSecret(stored);
    const current = this.#currentKey;
    if (keyId === null) {
      return this.#decryptUnmarked(text);
    }
    if (current !== null && keyId === encryptionKeyId(current)) {
      return this.#decryptByStrapi(text);
    }
    const other = this.#others.get(keyId);
    return other === undefined ? null : openStrapiSecret(text, other);
  }

  /** Tried here and not by Strapi's service, which logs a warning for every key that does not fit. */
  #decryptUnmarked(text: string): string | null {
    const keys = [this.#currentKey, ...this.#others.values()];
    for (const key of keys) {
      const value = key === null ? null : openStrapiSecret(text, key);
      if (value !== null) {
        return value;
      }
    }
    return null;
  }

  #decryptByStrapi(text: string): string | null {
    try {
      return this.#service().decrypt(text);
    } catch {
      // Strapi throws for text that is not in its own format: as unreadable as under a wrong key.
      return null;
    }
  }

  get #currentKey(): string | null {
    const key: unknown = this.#strapi.config.get('admin.secrets.encryptionKey');
    return typeof key === 'string' && key !== '' ? key : null;
  }

  #service(): EncryptionService {
    return this.#strapi.service('admin::encryption') as unknown as EncryptionService;
  }
}
