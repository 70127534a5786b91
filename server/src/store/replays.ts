import { toDateOrNull, toNumber, toNumberOrNull } from './database';
import type { Database } from './database';
import { readPage } from './page';
import type { Page, PageInput } from './page';
import { STATE, TABLES } from './tables';

export type ReplayRowState = 'running' | 'done' | 'cancelled' | 'failed';

/** A replay as it is stored. */
export interface ReplayRow {
  id: number;
  replayId: string;
  subscriptionId: string;
  state: ReplayRowState;
  reason: string | null;
  /** What was asked for, validated. */
  request: unknown;
  startedBy: unknown;
  /** Null where counting would have taken too long. */
  matched: number | null;
  scheduled: number;
  /** Sequence numbers: all up to `position` are done, none after `upTo` is looked at. */
  position: number;
  upTo: number;
  ratePerSecond: number;
  /** False once nothing is left to make, to wait for or to cancel. */
  open: boolean;
  nextAt: Date;
  leaseToken: string | null;
  /** Its deliveries by status, kept when it was closed. */
  finalCounts: Record<string, number> | null;
  createdAt: Date;
  finishedAt: Date | null;
}

export type NewReplay = Pick<
  ReplayRow,
  | 'replayId'
  | 'subscriptionId'
  | 'request'
  | 'startedBy'
  | 'matched'
  | 'position'
  | 'upTo'
  | 'ratePerSecond'
  | 'createdAt'
>;

/** @throws the database's error when another replay of the subscription is still making deliveries. */
export async function insertReplay(trx: Database, replay: NewReplay): Promise<void> {
  await trx(TABLES.replays).insert({
    replay_id: replay.replayId,
    subscription_id: replay.subscriptionId,
    making_for: replay.subscriptionId,
    state: 'running',
    request: JSON.stringify(replay.request),
    started_by: JSON.stringify(replay.startedBy),
    matched: replay.matched,
    scheduled: 0,
    position: replay.position,
    up_to: replay.upTo,
    rate_per_second: replay.ratePerSecond,
    open: true,
    next_at: replay.createdAt.getTime(),
    created_at: replay.createdAt.getTime(),
  });
}

/** @returns null when there is none. With `lock` the row stays locked until the transaction ends (not on SQLite). */
export async function findReplay(
  db: Database,
  replayId: string,
  { lock }: { lock: boolean } = { lock: false },
): Promise<ReplayRow | null> {
  const query = db(TABLES.replays).where({ replay_id: replayId }).first('*');
  const row = (await (lock ? query.forUpdate() : query)) as Record<string, unknown> | undefined;
  return row ? toReplay(row) : null;
}

/** Newest first. */
export async function listReplays(
  db: Database,
  filters: { subscriptionId: string | null; state: string | null },
  page: PageInput,
): Promise<Page<ReplayRow>> {
  const query = db(TABLES.replays).select('*');
  if (filters.subscriptionId !== null) {
    void query.where({ subscription_id: filters.subscriptionId });
  }
  if (filters.state !== null) {
    void query.where({ state: filters.state });
  }
  const { rows, hasMore } = await readPage(db, query, {
    ...page,
    table: TABLES.replays,
    publicId: 'replay_id',
  });
  return { rows: rows.map(toReplay), hasMore };
}

/**
 * The replays that still make deliveries. Whoever is about to start one holds the lock that this takes until its
 * transaction ends, so that no two count the same ones.
 */
export async function lockMakingReplays(trx: Database): Promise<ReplayRow[]> {
  await trx(TABLES.state).where({ name: STATE.configVersion }).first('value').forUpdate();
  const rows = (await trx(TABLES.replays).whereNotNull('making_for').select('*')) as Record<
    string,
    unknown
  >[];
  return rows.map(toReplay);
}

export function toReplay(row: Record<string, unknown>): ReplayRow {
  return {
    id: toNumber(row['id']),
    replayId: row['replay_id'] as string,
    subscriptionId: row['subscription_id'] as string,
    state: row['state'] as ReplayRowState,
    reason: row['reason'] as string | null,
    request: JSON.parse(row['request'] as string),
    startedBy: JSON.parse(row['started_by'] as string),
    matched: toNumberOrNull(row['matched']),
    scheduled: toNumber(row['scheduled']),
    position: toNumber(row['position']),
    upTo: toNumber(row['up_to']),
    ratePerSecond: toNumber(row['rate_per_second']),
    open: Boolean(row['open']),
    nextAt: new Date(toNumber(row['next_at'])),
    leaseToken: row['lease_token'] as string | null,
    finalCounts:
      row['final_counts'] === null
        ? null
        : (JSON.parse(row['final_counts'] as string) as Record<string, number>),
    createdAt: new Date(toNumber(row['created_at'])),
    finishedAt: toDateOrNull(row['finished_at']),
  };
}
