import { isInForce } from '../domain/key-rotation';
import { prepareProducerKey, type ProducerKey } from '../domain/producer-key';
import { prepareKeys, type ProducerSigning, type SigningKeys } from '../domain/signature';
import type { ProducerKeyRow } from '../store/producer-keys';
import type { KeyRow } from '../store/subscriptions';
import type { Secrets } from './secrets';

/** The installation's key pairs, ready to sign; null where there is none, or one in force cannot be read. */
export type ProducerKeys = Pick<ProducerSigning, 'current' | 'retiring'> | null;

/** Prepares the installation's key pairs once for all subscriptions. */
export function readProducerKeys(
  rows: readonly ProducerKeyRow[],
  input: { secrets: Secrets; now: Date },
): ProducerKeys {
  const inForce = rows.filter((row) => isInForce(row, input.now));
  const keys: { row: ProducerKeyRow; key: ProducerKey }[] = [];
  for (const row of inForce) {
    const privateKey = input.secrets.decrypt(row.encryptedPrivateKey);
    if (privateKey === null) return null;
    keys.push({ row, key: prepareProducerKey({ kid: row.kid, privateKey }) });
  }
  const current = keys.find(({ row }) => row.current)?.key;
  return current
    ? {
        current,
        retiring: keys
          .filter(({ row }) => !row.current)
          .map(({ row, key }) => ({ key, until: row.expiresAt?.getTime() ?? 0 })),
      }
    : null;
}

/**
 * What a subscription's requests are signed with; null where a key in force is missing or cannot be read, because half of
 * the signatures would look like a forgery to who waits for the other half.
 */
export function readSigningKeys(
  rows: readonly KeyRow[],
  input: {
    secrets: Secrets;
    now: Date;
    producerId: string;
    producer: ProducerKeys;
    signing: { ed25519: boolean; jws: boolean };
  },
): SigningKeys | null {
  const { signing, producer, producerId } = input;
  const keys: { kid: string; secret: string; current: boolean; expiresAt: Date | null }[] = [];
  for (const row of rows.filter((one) => isInForce(one, input.now))) {
    const secret = input.secrets.decrypt(row.encryptedSecret);
    if (secret === null) return null;
    keys.push({ kid: row.kid, secret, current: row.current, expiresAt: row.expiresAt });
  }
  if (!keys.some((key) => key.current)) return null;
  if (!signing.ed25519 && !signing.jws) return prepareKeys(keys);
  return producer && prepareKeys(keys, { producerId, ...signing, ...producer });
}
