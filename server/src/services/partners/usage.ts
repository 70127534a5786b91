import { errors } from '@strapi/utils';
import type { FeedUsage, SubscriptionUsage, Usage } from '../../contracts/usage';
import { minuteOf } from '../../domain/rate-window';
import type { Clock } from '../../flow/ports';
import type { Database } from '../../store/database';
import { listPartnerSubscriptions } from '../../store/partner-subscriptions';
import { findPartnerToken } from '../../store/partner-tokens';
import { readSubscriptionUse } from '../../store/subscription-usage';
import type { SubscriptionRow } from '../../store/subscriptions';
import { sumTokenUses } from '../../store/token-uses';
import type { FeedReader } from '../feeds/reader';
import type { Caller } from './caller';
import type { RateLimit } from './rate-limit';

const DAY_MINUTES = 24 * 60;

/** Subscriptions that are told of, at most. */
const MAX_SUBSCRIPTIONS = 200;

/** How a partner stands: what it has used, what it is owed, how far it has read. */
export function usageOf(parts: {
  db: () => Database;
  rates: RateLimit;
  /** How far a token has read its partner's feeds. */
  feeds: (reader: FeedReader) => Promise<FeedUsage[]>;
  clock: Clock;
}) {
  return async ({ partnerId, partner, rule, token }: Caller): Promise<Usage> => {
    if (token === null) {
      const message = 'Usage is told to who has a token: Authorization: Bearer nwp_…';
      throw new errors.ApplicationError(message, { code: 'token_missing' });
    }
    const db = parts.db();
    const quota = parts.rates.quota(token.id, partner.rate_per_minute);
    const row = await findPartnerToken(db, token.id);
    const subscriptions = await listPartnerSubscriptions(db, partnerId);
    return {
      partner: { id: partnerId, name: partner.name },
      token: {
        id: token.id,
        name: token.name,
        scopes: token.scopes,
        expires_at: token.expiresAt?.toISOString() ?? null,
        last_used_at: row?.lastUsedAt?.toISOString() ?? null,
      },
      quota: {
        rate_per_minute: quota.limit,
        used: quota.used,
        remaining: quota.remaining,
        resets_at: quota.resetsAt.toISOString(),
      },
      requests_last_24h: quota.used + (await usedBefore(db, token.id, parts.clock.now())),
      subscriptions: await subscriptionUsages(db, subscriptions.slice(0, MAX_SUBSCRIPTIONS)),
      feeds: await parts.feeds({
        tokenId: token.id,
        partner: { id: partnerId, settings: partner, rule },
        standing: null,
        expiresAt: token.expiresAt,
      }),
    };
  };
}

/** In the last day, but for the minute that runs. */
async function usedBefore(db: Database, tokenId: string, now: Date): Promise<number> {
  const until = minuteOf(now);
  return sumTokenUses(db, { tokenId, since: until - DAY_MINUTES + 1, until });
}

/** One after the other: a partner with many takes no more than one connection. */
async function subscriptionUsages(
  db: Database,
  rows: SubscriptionRow[],
): Promise<SubscriptionUsage[]> {
  const usages: SubscriptionUsage[] = [];
  for (const row of rows) usages.push(await subscriptionUsage(db, row));
  return usages;
}

async function subscriptionUsage(db: Database, row: SubscriptionRow): Promise<SubscriptionUsage> {
  const use = await readSubscriptionUse(db, row.id);
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    backlog: use.backlog,
    oldest_waiting_at: use.oldestWaitingAt?.toISOString() ?? null,
    last_delivered_sequence_number: use.lastDelivered?.sequenceNumber ?? null,
    last_delivered_at: use.lastDelivered?.at?.toISOString() ?? null,
    dead_letters: use.deadLetters,
  };
}
