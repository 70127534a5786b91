/**
 * The life of a key, of a subscription's secret as of the installation's key pair:
 *
 *   current ──rotate──▶ retiring, until the overlap ends ──▶ expired, removed later
 *                          └──revoke, or a forced rotation──▶ removed at once
 *
 * There is always exactly one current key, and at most one that is retiring, so that nobody has to guess which of many
 * secrets a receiver still relies on. The current key cannot be revoked, it can only be replaced: rotating with an overlap
 * of 0, forced, is how a secret that has leaked is got rid of in one call.
 */

export const DEFAULT_OVERLAP_SECONDS = 24 * 3600;
export const MAX_OVERLAP_SECONDS = 30 * 24 * 3600;

/** What these decisions need of a stored key. */
export interface KeyLife {
  kid: string;
  current: boolean;
  /** Null for the current key. */
  expiresAt: Date | null;
}

export type RotationPlan =
  | { kind: 'in_progress'; kid: string; endsAt: Date }
  | {
      kind: 'rotate';
      /** The key that was current, and when it stops signing; null where there was none. */
      retire: { kid: string; expiresAt: Date } | null;
      /** Keys to be removed: they have expired, or a forced rotation drops them. */
      drop: string[];
    };

/** What a rotation does. While an earlier one overlaps, it is refused unless forced. */
export function planRotation(
  keys: readonly KeyLife[],
  wish: { now: Date; overlapMs: number; force: boolean },
): RotationPlan {
  const retiring = keys.filter((key) => !key.current);
  const overlapping = retiring.find((key) => isInForce(key, wish.now));
  if (overlapping && !wish.force) {
    return { kind: 'in_progress', kid: overlapping.kid, endsAt: overlapping.expiresAt ?? wish.now };
  }
  const current = keys.find((key) => key.current);
  return {
    kind: 'rotate',
    retire: current
      ? { kid: current.kid, expiresAt: new Date(wish.now.getTime() + wish.overlapMs) }
      : null,
    drop: retiring.map((key) => key.kid),
  };
}

export type RevocationPlan = 'revoke' | 'current' | 'unknown';

/** Whether a key may be revoked. One that has expired is as unknown as one that never was. */
export function planRevocation(keys: readonly KeyLife[], kid: string, now: Date): RevocationPlan {
  const key = keys.find((one) => one.kid === kid);
  if (!key || !isInForce(key, now)) return 'unknown';
  return key.current ? 'current' : 'revoke';
}

/** Whether a key signs at this instant. */
export function isInForce(key: KeyLife, now: Date): boolean {
  return key.current || (key.expiresAt !== null && now < key.expiresAt);
}
