import type { Actor } from '../../domain/event';
import type { Clock } from '../../flow/ports';
import type { Database } from '../../store/database';
import { insertEvents } from '../../store/insert-events';
import { listPartnerSubscriptions } from '../../store/partner-subscriptions';
import type { PartnerRow } from '../../store/partners';
import { forgetHealth } from '../../store/subscription-health';
import { updateSubscription } from '../../store/subscriptions';
import type { SubscriptionRow } from '../../store/subscriptions';
import type { OperationalEvents } from '../operational-events';

const REASON = 'The partner is suspended';

/**
 * What a partner's state means for its subscriptions, in the transaction that changes it. Suspended: those that are active, or
 * would be as soon as their endpoint answers, are paused. Active again: those go on. What an admin or the partner has paused
 * is theirs.
 */
export function suspensionOf(parts: { operational: OperationalEvents; clock: Clock }) {
  return async (trx: Database, partner: PartnerRow, actor: Actor): Promise<void> => {
    const rows = await listPartnerSubscriptions(trx, partner.partnerId, { lock: true });
    const updatedAt = parts.clock.now();
    for (const row of rows) {
      const next = partner.state === 'suspended' ? suspended(row) : resumed(row);
      if (next === null) continue;
      await updateSubscription(trx, { ...next, updatedAt });
      if (row.pausedBy === 'breaker') await forgetHealth(trx, row.id);
      if (row.state === 'active') {
        const payload = { subscription_id: row.id, subscription_name: row.name, reason: REASON };
        const { operational } = parts;
        await insertEvents(trx, [
          operational.make('webhook.subscription_paused', { payload, actor }),
        ]);
      }
    }
  };
}

function suspended(row: SubscriptionRow): SubscriptionRow | null {
  const concerned =
    row.state === 'active' || (row.state === 'paused' && row.pausedBy === 'breaker');
  return concerned
    ? { ...row, state: 'paused', stateReason: REASON, pausedBy: 'suspension', pausedUntil: null }
    : null;
}

function resumed(row: SubscriptionRow): SubscriptionRow | null {
  return row.state === 'paused' && row.pausedBy === 'suspension'
    ? { ...row, state: 'active', stateReason: null, pausedBy: null, pausedUntil: null }
    : null;
}
