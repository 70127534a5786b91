import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';

interface EncryptionService {
  encrypt(value: string): string | null;
  decrypt(value: string): string | null;
}

const HOW_TO =
  "Set admin.secrets.encryptionKey in config/admin, e.g. secrets: { encryptionKey: env('ENCRYPTION_KEY') }, and restart";

/** Secrets at rest, under Strapi's own encryption key (AES-256-GCM). Without that key nothing is stored at all. */
export class Secrets {
  readonly #strapi: Core.Strapi;

  constructor(strapi: Core.Strapi) {
    this.#strapi = strapi;
  }

  /** True when Strapi has an encryption key. */
  get available(): boolean {
    return Boolean(this.#strapi.config.get('admin.secrets.encryptionKey'));
  }

  /** @throws ApplicationError (code `encryption_key_missing`): a secret is never stored in clear. */
  encrypt(value: string): string {
    const encrypted = this.available ? this.#service().encrypt(value) : null;
    if (encrypted === null) {
      throw new errors.ApplicationError(
        `Secrets cannot be stored: this Strapi has no encryption key. ${HOW_TO}.`,
        { code: 'encryption_key_missing' },
      );
    }
    return encrypted;
  }

  /** Null when the key is missing or is another one than the secret was stored under. */
  decrypt(value: string): string | null {
    try {
      return this.available ? this.#service().decrypt(value) : null;
    } catch {
      // Strapi throws for text that is not in its own format: as unreadable as under a wrong key.
      return null;
    }
  }

  #service(): EncryptionService {
    return this.#strapi.service('admin::encryption') as unknown as EncryptionService;
  }
}
