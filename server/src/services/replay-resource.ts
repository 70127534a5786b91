import type { Replay } from '../contracts/replay';
import type { Actor } from '../domain/event';
import type { ReplayRequest } from '../flow/replay/scope';
import type { Database } from '../store/database';
import { countReplayed } from '../store/replayed-deliveries';
import type { ReplayRow } from '../store/replays';

type Counts = Record<string, number>;

/** Deliveries by status of each replay, by its row id: counted while it is open, afterwards as they were kept. */
export async function readReplayCounts(
  db: Database,
  rows: ReplayRow[],
): Promise<Map<number, Counts>> {
  const open = rows.filter((row) => row.finalCounts === null).map((row) => row.id);
  const counts = await countReplayed(db, open);
  for (const row of rows) {
    if (row.finalCounts !== null) {
      counts.set(row.id, row.finalCounts);
    }
  }
  return counts;
}

/** A replay as the API shows it. */
export function toReplay(row: ReplayRow, countsById: Map<number, Counts>): Replay {
  const request = row.request as ReplayRequest;
  const counts = countsById.get(row.id) ?? {};
  const sum = (...statuses: string[]) =>
    statuses.reduce((total, status) => total + (counts[status] ?? 0), 0);
  return {
    id: row.replayId,
    subscription_id: row.subscriptionId,
    status: request.status,
    event_types: request.event_types,
    since: request.since === null ? null : new Date(request.since).toISOString(),
    until: request.until === null ? null : new Date(request.until).toISOString(),
    missing: request.missing,
    rate_per_second: row.ratePerSecond,
    state: row.state,
    reason: row.reason,
    matched: row.matched,
    progress: {
      scheduled: row.scheduled,
      waiting: sum('waiting', 'sending'),
      delivered: sum('delivered', 'awaiting_callback'),
      dead: sum('dead'),
      cancelled: sum('cancelled', 'superseded'),
    },
    started_by: row.startedBy as Actor,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
