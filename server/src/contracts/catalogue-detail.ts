import type { CatalogueEntry, ChangelogItem } from './catalogue';
import type { SubscriptionState } from './subscription';

/** One event definition, with how it is used: `GET /catalogue/:event_type`. */
export interface CatalogueDetail extends CatalogueEntry {
  /** JSON Schema of the whole event, in the newest version. */
  schema: Record<string, unknown>;
  /** Payloads as they may look. */
  examples: unknown[];
  /** Newest first. */
  changelog: ChangelogItem[];
  /** How often it was made: counted up to a limit; `more` says that there are more. */
  fired: { count: number; more: boolean; last_occurred_at: string | null };
  /** Events of this type that are invalid now, counted up to the same limit. */
  invalid: number;
  /** Subscriptions whose event types cover it. */
  subscriptions: { id: string; name: string; state: SubscriptionState; pattern: string }[];
}
