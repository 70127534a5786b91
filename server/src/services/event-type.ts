import type { CatalogueDetail } from '../contracts/catalogue-detail';
import type { SubscriptionSettings } from '../contracts/subscription';
import type { Catalogue } from '../domain/catalogue';
import { matchesType } from '../domain/matching';
import { countFired } from '../store/count-fired';
import type { Database } from '../store/database';
import { loadSubscriptions } from '../store/subscriptions';
import type { Schemas } from './schemas';

/**
 * All that an admin may want to know of one event type: what it promises, who asks for it, how often it was made.
 *
 * @throws NotFoundError where nothing defines it.
 */
export async function describeEventType(
  { db, catalogue, schemas }: { db: Database; catalogue: Catalogue; schemas: Schemas },
  eventType: string,
): Promise<CatalogueDetail> {
  const entry = await schemas.entry(eventType);
  const fired = await countFired(db, eventType);
  return {
    ...entry,
    schema: await schemas.schema(eventType, entry.schema_version, 'admin'),
    examples: [...(catalogue.definition(eventType)?.examples ?? [])],
    fired: {
      count: fired.count,
      more: fired.more,
      last_occurred_at: fired.lastOccurredAt?.toISOString() ?? null,
    },
    invalid: fired.invalid,
    subscriptions: await subscriptionsTo(db, eventType),
  };
}

async function subscriptionsTo(
  db: Database,
  eventType: string,
): Promise<CatalogueDetail['subscriptions']> {
  return (await loadSubscriptions(db)).flatMap(
    ({ subscription: { id, name, state, settings } }) => {
      const { event_types: patterns } = settings as SubscriptionSettings;
      const pattern = patterns.find((candidate) => matchesType(candidate, eventType));
      return pattern === undefined ? [] : [{ id, name, state, pattern }];
    },
  );
}
