import type { TokenScope } from './partner';
import type { SubscriptionState } from './subscription';

/** Answer of `GET /usage`: how a partner stands, and the token that it asks with. */
export interface Usage {
  partner: { id: string; name: string };
  token: {
    id: string;
    name: string;
    scopes: readonly TokenScope[];
    expires_at: string | null;
    last_used_at: string | null;
  };
  /** Of this token, in the minute that runs. */
  quota: { rate_per_minute: number; used: number; remaining: number; resets_at: string };
  /** Requests of this token. */
  requests_last_24h: number;
  subscriptions: SubscriptionUsage[];
  feeds: FeedUsage[];
}

export interface SubscriptionUsage {
  id: string;
  name: string;
  state: SubscriptionState;
  /** Deliveries that are owed. */
  backlog: number;
  /** Since when the oldest of them has been. */
  oldest_waiting_at: string | null;
  last_delivered_sequence_number: number | null;
  last_delivered_at: string | null;
  dead_letters: number;
}

/** How far this token has read a feed; null before it has read anything. */
export interface FeedUsage {
  slug: string;
  title: string;
  last_read_sequence_number: number | null;
  last_read_at: string | null;
  /** Events that the feed shows and that it has not read, counted up to a thousand. */
  lag: number | null;
}
