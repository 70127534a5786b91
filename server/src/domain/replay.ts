/** Which events a replay sends again, and how fast: decisions without I/O. */
import { matchesType } from './matching';

/** Settled states that a replay may ask for. */
export const REPLAYABLE_STATUSES = [
  'delivered',
  'awaiting_callback',
  'dead',
  'superseded',
  'cancelled',
] as const;

export type ReplayableStatus = (typeof REPLAYABLE_STATUSES)[number];

/** What is replayed when no status is named: what was delivered or dead (spec §1). */
const BY_DEFAULT: readonly ReplayableStatus[] = ['delivered', 'awaiting_callback', 'dead'];

/** What a replay asks for: `missing`, or what stands in one of the statuses. */
export interface Selection {
  missing: boolean;
  /** Null: what was delivered or dead. */
  status: ReplayableStatus | null;
  /** Patterns as in a subscription; empty: every type. */
  eventTypes: readonly string[];
  /** Nothing that was settled after this instant is taken: it belongs to the live stream. */
  settledBy: Date;
}

/** How an event stands with a subscription: its newest delivery. */
export interface Standing {
  status: string;
  /** Null while it is on its way. */
  settledAt: Date | null;
}

/** The statuses that a selection takes, none when it takes what is missing. */
export function statusesOf(selection: Pick<Selection, 'missing' | 'status'>): readonly string[] {
  if (selection.missing) {
    return [];
  }
  return selection.status ? [selection.status] : BY_DEFAULT;
}

/** The questions whether something is to be replayed, prepared once. */
export interface CompiledSelection {
  /**
   * Whether an event that stands so is taken; null: it was never owed. What counts is the newest delivery alone, so that
   * each event is taken at most once, however often it was replayed before, and none that is on its way.
   */
  takesStanding: (standing: Standing | null) => boolean;
  takesType: (eventType: string) => boolean;
}

/** Whether a missing event is one that the subscription wants is not asked here. */
export function compileSelection(selection: Selection): CompiledSelection {
  const statuses = new Set(statusesOf(selection));
  const { missing, eventTypes, settledBy } = selection;
  return {
    takesStanding: (standing) =>
      standing === null
        ? missing
        : standing.settledAt !== null &&
          standing.settledAt <= settledBy &&
          statuses.has(standing.status),
    takesType: (type) =>
      eventTypes.length === 0 || eventTypes.some((pattern) => matchesType(pattern, type)),
  };
}

/** Deliveries are made a quarter of a second at a time: few enough not to come in bursts. */
const BATCH_MS = 250;

/** No more than this many in one transaction, whatever the rate. */
const MAX_BATCH = 250;

/** How many deliveries to make at a time. */
export function replayBatchSize(ratePerSecond: number): number {
  return Math.min(MAX_BATCH, Math.max(1, Math.ceil((ratePerSecond * BATCH_MS) / 1_000)));
}

/**
 * When the next batch may be made, after `made` deliveries that were due at `dueAt` and made at `now`. Time that was
 * lost is made up for one batch at most, so that no pause ends in a burst.
 */
export function nextBatchAt(input: {
  dueAt: Date;
  now: Date;
  made: number;
  ratePerSecond: number;
}): Date {
  const from = Math.max(input.dueAt.getTime(), input.now.getTime() - BATCH_MS);
  return new Date(from + Math.ceil((input.made * 1_000) / input.ratePerSecond));
}

/** In front of the order key of a replayed delivery. */
const REPLAY_LANE = 'replay:';

/**
 * The order key of a replayed delivery: replayed ones keep the subscription's order among themselves, and neither hold
 * up live ones nor wait for them.
 */
export function replayOrderKey(orderKey: string | null): string | null {
  return orderKey === null ? null : `${REPLAY_LANE}${orderKey}`;
}
