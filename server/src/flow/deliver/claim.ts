/**
 * What a worker takes on: of each subscription that may be sent to as much as it has room for, so that no backlog and no
 * slow endpoint keeps another waiting.
 */
import { available, nextTokenAt, refill } from '../../domain/token-bucket';
import type { TokenBucket } from '../../domain/token-bucket';
import { claimDeliveries } from '../../store/claim-deliveries';
import type { ClaimedDelivery, Share } from '../../store/claim-deliveries';
import type { Database } from '../../store/database';
import type { Lease } from '../../store/leases';
import {
  beginProbe,
  keepTokens,
  lockAllowances,
  selectSendable,
} from '../../store/sendable-subscriptions';
import type { SendableSubscription } from '../../store/sendable-subscriptions';

/** Subscriptions looked at in one claim. */
const SUBSCRIPTIONS_PER_CLAIM = 100;

export interface Claimant {
  now: Date;
  lease: Lease;
  /** Deliveries to take on, over all subscriptions. */
  limit: number;
  /** Subscriptions up to this id had their turn in the claim before; empty: begin anew. */
  after: string;
  busy: string[];
  /** How many more of a subscription's deliveries may be held, and begun at once. */
  room(subscriptionId: string): Room;
}

export interface Room {
  hold: number;
  begin: number;
  /** The rate limit, if it has one. */
  ratePerSecond: number | null;
}

export interface Claim {
  claimed: ClaimedDelivery[];
  /** Those of the claimed that try out an open circuit breaker. */
  probes: Set<string>;
  /** Subscriptions that got all they had room for, or had room for nothing; more may be owed to them. */
  filled: string[];
  /** Where the next claim goes on; null when all had their turn. */
  next: string | null;
  /** When a rate limit lets something through again. */
  allowedAt: Date | null;
}

/** Claims in one transaction. */
export async function claim(trx: Database, claimant: Claimant): Promise<Claim> {
  const { now, lease } = claimant;
  const sendable = await selectSendable(trx, {
    now,
    after: claimant.after,
    limit: SUBSCRIPTIONS_PER_CLAIM,
    busy: claimant.busy,
  });
  const granted = await grant(trx, sendable, claimant);
  const { shares } = granted;
  const claimed = await claimDeliveries(trx, { now, shares, lease });
  const counts = countBySubscription(claimed);
  let { allowedAt } = granted;
  for (const [id, { bucket, ratePerSecond }] of granted.buckets) {
    const taken = counts.get(id) ?? 0;
    if (taken > 0) {
      const left = { ...bucket, tokens: bucket.tokens - taken };
      await keepTokens(trx, id, left);
      allowedAt = earlier(allowedAt, new Date(nextTokenAt(left, ratePerSecond)));
    }
  }
  return {
    claimed,
    probes: granted.probes,
    filled: [
      ...claimant.busy,
      ...granted.crowded,
      ...shares
        .filter(({ subscriptionId, limit }) => counts.get(subscriptionId) === limit)
        .map(({ subscriptionId }) => subscriptionId),
    ],
    next: sendable.length === SUBSCRIPTIONS_PER_CLAIM ? (sendable.at(-1)?.id ?? null) : null,
    allowedAt,
  };
}

interface Grant {
  shares: Share[];
  probes: Set<string>;
  buckets: Map<string, { bucket: TokenBucket; ratePerSecond: number }>;
  allowedAt: Date | null;
  /** Without room for anything. */
  crowded: string[];
}

/** How much of each subscription may be claimed: by room, by rate, and one for a probe. */
async function grant(
  trx: Database,
  sendable: SendableSubscription[],
  claimant: Claimant,
): Promise<Grant> {
  const { now } = claimant;
  const evenly = Math.max(1, Math.floor(claimant.limit / Math.max(1, sendable.length)));
  const rooms = sendable.map((one) => ({ ...one, room: claimant.room(one.id) }));
  const buckets = await readBuckets(trx, rooms, now);
  const result: Grant = {
    shares: [],
    probes: new Set(),
    buckets: new Map(),
    allowedAt: null,
    crowded: [],
  };
  let left = claimant.limit;
  for (const { id, probe, room } of rooms) {
    const { hold, begin, ratePerSecond } = room;
    if (Math.min(hold, ratePerSecond === null ? hold : begin) <= 0) result.crowded.push(id);
    // What a rate limit lets through is begun at once: held back, it would go out in a burst.
    let limit = Math.min(ratePerSecond === null ? hold : begin, evenly, left, probe ? 1 : Infinity);
    if (ratePerSecond !== null) {
      const bucket = buckets.get(id);
      limit = bucket ? Math.min(limit, available(bucket)) : 0;
      if (bucket && available(bucket) === 0) {
        result.allowedAt = earlier(result.allowedAt, new Date(nextTokenAt(bucket, ratePerSecond)));
      } else if (bucket) {
        result.buckets.set(id, { bucket, ratePerSecond });
      }
    }
    if (
      limit > 0 &&
      (!probe || (await beginProbe(trx, id, { now, until: claimant.lease.until })))
    ) {
      result.shares.push({ subscriptionId: id, limit });
      left -= limit;
      if (probe) result.probes.add(id);
    }
  }
  return result;
}

/** The token buckets of those that have a rate limit; one that another process is just using is left out. */
async function readBuckets(
  trx: Database,
  rooms: { id: string; room: Room }[],
  now: Date,
): Promise<Map<string, TokenBucket>> {
  const rates = new Map(
    rooms.flatMap(({ id, room }) =>
      room.ratePerSecond === null ? [] : [[id, room.ratePerSecond] as const],
    ),
  );
  if (rates.size === 0) {
    return new Map();
  }
  const allowances = await lockAllowances(trx, [...rates.keys()]);
  return new Map(
    allowances.map(({ id, rateTokens, rateAt }) => {
      const known =
        rateTokens !== null && rateAt !== null ? { tokens: rateTokens, at: rateAt } : null;
      const ratePerSecond = rates.get(id) ?? 1;
      return [id, refill(known, { ratePerSecond, now: now.getTime() })];
    }),
  );
}

function countBySubscription(claimed: ClaimedDelivery[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subscriptionId } of claimed) {
    counts.set(subscriptionId, (counts.get(subscriptionId) ?? 0) + 1);
  }
  return counts;
}

function earlier(a: Date | null, b: Date): Date {
  return a && a < b ? a : b;
}
