import type { Database } from './database';
import { TABLES } from './tables';

/**
 * Takes the turn to tell a subscription's owner of one kind of thing: of all processes one gets it, and again only when
 * the last time is at or before `notSince`.
 *
 * @returns false when the owner was told since, or another process is at it.
 */
export async function claimOwnerMail(
  db: Database,
  input: { subscriptionId: string; kind: string; now: Date; notSince: Date; token: string },
): Promise<boolean> {
  const which = { subscription_id: input.subscriptionId, kind: input.kind };
  const told = { told_at: input.now.getTime(), token: input.token };
  const taken = await db(TABLES.ownerMails)
    .where(which)
    .where('told_at', '<=', input.notSince.getTime())
    .update(told);
  if (taken > 0) {
    return true;
  }
  await db(TABLES.ownerMails)
    .insert({ ...which, ...told })
    .onConflict(['subscription_id', 'kind'])
    .ignore();
  const row = await db(TABLES.ownerMails)
    .where(which)
    .first<{ token: string } | undefined>('token');
  return row?.token === input.token;
}
