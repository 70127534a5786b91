import {
  revokeKey as revokeBody,
  rotateKey as rotateBody,
  type ProducerKeyResource,
  type RevokedKey,
  type RotatedKey,
} from '../contracts/key';
import { isInForce } from '../domain/key-rotation';
import { generateProducerKey, publicJwk, type PublicJwk } from '../domain/producer-key';
import type { Clock } from '../flow/ports';
import { bumpConfigVersion } from '../store/config-version';
import type { Database, RunInTransaction } from '../store/database';
import { lockState } from '../store/lock-state';
import { insertProducerKey, listProducerKeys, type ProducerKeyRow } from '../store/producer-keys';
import { STATE, TABLES } from '../store/tables';
import { retireCurrent, revokeKey, toKeys } from './key-resource';
import type { Secrets } from './secrets';
import { parseInput } from './validation';

export interface ProducerKeyParts {
  db: () => Database;
  transaction: RunInTransaction;
  secrets: Secrets;
  clock: Clock;
  /** Keys have changed. */
  changed: () => void;
}

/** The key pairs that the installation signs with (Ed25519): made when first wanted, rotated like secrets. */
export class ProducerKeys {
  readonly #parts: ProducerKeyParts;

  constructor(parts: ProducerKeyParts) {
    this.#parts = parts;
  }

  /** What verifiers need: the public keys in force, as a JSON Web Key Set (RFC 7517). */
  async keySet(): Promise<{ keys: PublicJwk[] }> {
    const now = this.#parts.clock.now();
    const rows = await listProducerKeys(this.#parts.db());
    return { keys: rows.filter((row) => isInForce(row, now)).map(publicJwk) };
  }

  /** The keys in force, the current one first. */
  async list(): Promise<ProducerKeyResource[]> {
    const rows = await listProducerKeys(this.#parts.db());
    return toKeys(rows, this.#parts.clock.now()).map((key) => ({ ...key, algorithm: 'EdDSA' }));
  }

  /**
   * Makes the first key pair where there is none, in the transaction that saves the first subscription that wants one.
   *
   * @throws ApplicationError (code `encryption_key_missing`).
   */
  async ensure(trx: Database): Promise<void> {
    const hasCurrent = (rows: ProducerKeyRow[]) => rows.some((row) => row.current);
    if (hasCurrent(await listProducerKeys(trx))) {
      return;
    }
    if (!hasCurrent(await this.#lock(trx))) {
      await this.#insert(trx, this.#parts.clock.now());
      await bumpConfigVersion(trx);
    }
  }

  /**
   * Makes a new current key pair; the old one goes on signing `v1a`, and stays in the key set, until the overlap ends.
   *
   * @throws ConflictError (code `rotation_in_progress`); ApplicationError (code `encryption_key_missing`).
   */
  async rotate(input: unknown): Promise<RotatedKey> {
    const wish = parseInput(rotateBody, input, 'invalid_body');
    const rotated = await this.#parts.transaction(async (trx) => {
      const keys = await this.#lock(trx);
      const now = this.#parts.clock.now();
      const previous = await retireCurrent(trx, TABLES.producerKeys, { keys, now, wish });
      const kid = await this.#insert(trx, now);
      await bumpConfigVersion(trx);
      return {
        kid,
        previous_kid: previous?.kid ?? null,
        previous_expires_at: previous?.expiresAt.toISOString() ?? null,
      };
    });
    this.#parts.changed();
    return rotated;
  }

  /** Ends a key pair that is on its way out at once. */
  async revoke(input: unknown): Promise<RevokedKey> {
    const { kid } = parseInput(revokeBody, input, 'invalid_body');
    const left = await this.#parts.transaction(async (trx) => {
      const keys = await this.#lock(trx);
      const now = this.#parts.clock.now();
      await revokeKey(trx, TABLES.producerKeys, { keys, kid, now });
      await bumpConfigVersion(trx);
      const others = keys.filter((key) => key.kid !== kid);
      return { revoked: kid, keys: toKeys(others, now) };
    });
    this.#parts.changed();
    return left;
  }

  /** One at a time, also where there is no row yet that could be locked. */
  async #lock(trx: Database): Promise<ProducerKeyRow[]> {
    await lockState(trx, STATE.producerKeys);
    return listProducerKeys(trx, { lock: true });
  }

  async #insert(trx: Database, now: Date): Promise<string> {
    const { kid, publicX, privateKey } = generateProducerKey();
    const encryptedPrivateKey = this.#parts.secrets.encrypt(privateKey);
    await insertProducerKey(trx, { kid, publicX, encryptedPrivateKey }, now);
    return kid;
  }
}
