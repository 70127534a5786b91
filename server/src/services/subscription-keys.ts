import { randomBytes } from 'node:crypto';
import {
  revokeKey as revokeBody,
  rotateKey as rotateBody,
  type Key,
  type RevokedKey,
  type RotatedSecret,
} from '../contracts/key';
import { generateSecret } from '../domain/signing-secret';
import type { Clock, NewId } from '../flow/ports';
import { bumpConfigVersion } from '../store/config-version';
import type { Database, RunInTransaction } from '../store/database';
import { findSubscription, insertKey, listKeys, type KeyRow } from '../store/subscriptions';
import { TABLES } from '../store/tables';
import { retireCurrent, revokeKey, toKeys } from './key-resource';
import type { Secrets } from './secrets';
import { found } from './found-subscription';
import { parseInput } from './validation';

export interface SubscriptionKeyParts {
  db: () => Database;
  transaction: RunInTransaction;
  secrets: Secrets;
  newId: NewId;
  clock: Clock;
  /** Keys have changed. */
  changed: () => void;
}

/** The secrets of a subscription: their rotation, told in domain/key-rotation.ts, and their end. */
export class SubscriptionKeys {
  readonly #parts: SubscriptionKeyParts;

  constructor(parts: SubscriptionKeyParts) {
    this.#parts = parts;
  }

  /** The keys in force, the current one first; never their secrets. */
  async list(subscriptionId: string): Promise<Key[]> {
    const { db, clock } = this.#parts;
    found(await findSubscription(db(), subscriptionId));
    return toKeys(await listKeys(db(), subscriptionId), clock.now());
  }

  /**
   * Makes a new current key; the old one goes on signing beside it until the overlap ends.
   *
   * @returns the new secret, which is shown this once.
   * @throws NotFoundError; ConflictError (code `rotation_in_progress`); ApplicationError (code `encryption_key_missing`).
   */
  async rotate(subscriptionId: string, input: unknown): Promise<RotatedSecret> {
    const wish = parseInput(rotateBody, input, 'invalid_body');
    const { secrets, newId, clock } = this.#parts;
    const rotated = await this.#withKeys(subscriptionId, async (keys, trx) => {
      // Read under the lock: who waited for it compares with the time at which it got it.
      const now = clock.now();
      const previous = await retireCurrent(trx, TABLES.keys, { keys, now, wish });
      const kid = `key_${newId()}`;
      const secret = generateSecret(randomBytes);
      const encryptedSecret = secrets.encrypt(secret);
      await insertKey(trx, { kid, subscriptionId, encryptedSecret, current: true }, now);
      await bumpConfigVersion(trx);
      return {
        secret,
        kid,
        previous_kid: previous?.kid ?? null,
        previous_expires_at: previous?.expiresAt.toISOString() ?? null,
      };
    });
    this.#parts.changed();
    return rotated;
  }

  /** Ends a key that is on its way out at once. */
  async revoke(subscriptionId: string, input: unknown): Promise<RevokedKey> {
    const { kid } = parseInput(revokeBody, input, 'invalid_body');
    const { clock } = this.#parts;
    const left = await this.#withKeys(subscriptionId, async (keys, trx) => {
      const now = clock.now();
      await revokeKey(trx, TABLES.keys, { keys, kid, now });
      await bumpConfigVersion(trx);
      return {
        revoked: kid,
        keys: toKeys(
          keys.filter((key) => key.kid !== kid),
          now,
        ),
      };
    });
    this.#parts.changed();
    return left;
  }

  /** The subscription's row is locked first: of two who change its keys at once, the second sees what the first has done. */
  #withKeys<T>(
    subscriptionId: string,
    work: (keys: KeyRow[], trx: Database) => Promise<T>,
  ): Promise<T> {
    return this.#parts.transaction(async (trx) => {
      found(await findSubscription(trx, subscriptionId, { lock: true }));
      return work(await listKeys(trx, subscriptionId, { lock: true }), trx);
    });
  }
}
