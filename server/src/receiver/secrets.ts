import { createSecretKey, type KeyObject } from 'node:crypto';
import { decodeSecret } from '../domain/signing-secret';

const PREFIX = 'whsec_';

/** Secrets as they were shown, by key id (`X-Signature-KID`), or just listed. */
export type SecretsInput = Readonly<Record<string, string>> | readonly string[];

export interface HmacSecret {
  /** Null where secrets were only listed. */
  kid: string | null;
  /** Key of `webhook-signature`. */
  decoded: KeyObject;
  /** Key of `X-Signature`. */
  text: KeyObject;
}

/** Throws TypeError where there is none, or one is empty or not base64; the message never holds a secret. */
export function prepareSecrets(input: SecretsInput): HmacSecret[] {
  const entries: [string | null, string][] = Array.isArray(input)
    ? (input as readonly string[]).map((secret) => [null, secret])
    : Object.entries(input as Record<string, string>);
  if (entries.length === 0) {
    throw new TypeError('secrets is empty; give at least one secret, or leave secrets out');
  }
  return entries.map(([kid, secret], index) => {
    const bytes = typeof secret === 'string' ? decodeSecret(secret) : null;
    if (bytes === null) {
      const which = kid === null ? `number ${index + 1}` : `of key ${kid}`;
      throw new TypeError(`The secret ${which} is empty or not base64; give it as it was shown`);
    }
    const shown = secret.startsWith(PREFIX) ? secret : PREFIX + secret;
    return { kid, decoded: createSecretKey(bytes), text: createSecretKey(Buffer.from(shown)) };
  });
}
