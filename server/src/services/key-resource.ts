import { errors } from '@strapi/utils';
import type { Key } from '../contracts/key';
import { isInForce, planRevocation, planRotation, type KeyLife } from '../domain/key-rotation';
import type { Database } from '../store/database';
import { deleteKeys, retireKey, type KeyTable } from '../store/key-life';
import { ConflictError } from './conflict';

/** A stored key, of whichever kind. */
export interface StoredKey extends KeyLife {
  createdAt: Date;
}

/** The keys in force, the current one first, as the API shows them. */
export function toKeys(keys: readonly StoredKey[], now: Date): Key[] {
  return keys
    .filter((key) => isInForce(key, now))
    .sort((a, b) => Number(b.current) - Number(a.current))
    .map((key) => ({
      kid: key.kid,
      current: key.current,
      created_at: key.createdAt.toISOString(),
      expires_at: key.expiresAt?.toISOString() ?? null,
    }));
}

/**
 * Makes room for a new current key; the caller inserts it, in the same transaction.
 *
 * @returns the key that was current, and when it stops signing; null where there was none.
 * @throws ConflictError (code `rotation_in_progress`) while an earlier rotation overlaps, unless forced.
 */
export async function retireCurrent(
  trx: Database,
  table: KeyTable,
  input: {
    keys: readonly KeyLife[];
    now: Date;
    wish: { overlap_seconds: number; force: boolean };
  },
): Promise<{ kid: string; expiresAt: Date } | null> {
  const { keys, now, wish } = input;
  const plan = planRotation(keys, {
    now,
    overlapMs: wish.overlap_seconds * 1_000,
    force: wish.force,
  });
  if (plan.kind === 'in_progress') {
    const endsAt = plan.endsAt.toISOString();
    throw new ConflictError(
      `The last rotation is still under way: key ${plan.kid} signs until ${endsAt}. Wait until then, revoke that key, or rotate with "force": true, which stops it at once`,
      { code: 'rotation_in_progress', kid: plan.kid, ends_at: endsAt },
    );
  }
  await deleteKeys(trx, table, plan.drop);
  if (plan.retire && wish.overlap_seconds > 0) {
    await retireKey(trx, table, plan.retire);
  } else if (plan.retire) {
    await deleteKeys(trx, table, [plan.retire.kid]);
  }
  return plan.retire;
}

/**
 * Deletes a key that is on its way out.
 *
 * @throws NotFoundError where no such key is in force; ConflictError (code `key_is_current`) where it is the current one.
 */
export async function revokeKey(
  trx: Database,
  table: KeyTable,
  input: { keys: readonly KeyLife[]; kid: string; now: Date },
): Promise<void> {
  const { keys, kid, now } = input;
  switch (planRevocation(keys, kid, now)) {
    case 'unknown':
      throw new errors.NotFoundError(`No key ${kid} is in force here`, { code: 'not_found' });
    case 'current':
      throw new ConflictError(
        `Key ${kid} is the current one, and without it nothing could be signed. Rotate instead; with "overlap_seconds": 0 and "force": true every older key stops at once`,
        { code: 'key_is_current', kid },
      );
    case 'revoke':
      await deleteKeys(trx, table, [kid]);
  }
}
