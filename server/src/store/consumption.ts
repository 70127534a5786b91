import { chunksOf, INSERT_CHUNK } from './case-by-id';
import { dialectOf, toNumber } from './database';
import type { Database } from './database';
import type { Page } from './page';
import { TABLES } from './tables';

/** What a partner has reported of a title, on one day. */
export interface ConsumptionRow {
  partnerId: string;
  eventType: string;
  contentId: string;
  /** `2026-01-17`, UTC. */
  day: string;
  count: number;
}

/** Where a row stands among the others. */
export type ConsumptionKey = Omit<ConsumptionRow, 'count'>;

/** Adds to what is there. The rows go in one order, whoever adds, so that no two wait for each other. */
export async function addConsumption(
  trx: Database,
  rows: readonly ConsumptionRow[],
): Promise<void> {
  const ordered = rows
    .map((row) => ({
      partner_id: row.partnerId,
      event_type: row.eventType,
      content_id: row.contentId,
      day: row.day,
      count: row.count,
    }))
    .sort((a, b) => compare(a.content_id, b.content_id) || compare(a.day, b.day));
  const added =
    dialectOf(trx) === 'mysql'
      ? trx.raw('?? + values(??)', ['count', 'count'])
      : trx.raw('?? + ??', [`${TABLES.consumption}.count`, 'excluded.count']);
  for (const chunk of chunksOf(ordered, INSERT_CHUNK)) {
    await trx(TABLES.consumption)
      .insert(chunk)
      .onConflict(['partner_id', 'event_type', 'content_id', 'day'])
      .merge({ count: added });
  }
}

/** Newest day first. */
export async function listConsumption(
  db: Database,
  filters: {
    contentId: string | null;
    partnerId: string | null;
    eventType: string | null;
    /** The first day. */
    since: string | null;
    /** The day after the last. */
    until: string | null;
  },
  page: { limit: number; after: ConsumptionKey | null },
): Promise<Page<ConsumptionRow>> {
  const query = db(TABLES.consumption).select<Record<string, unknown>[]>('*');
  if (filters.contentId !== null) void query.where({ content_id: filters.contentId });
  if (filters.partnerId !== null) void query.where({ partner_id: filters.partnerId });
  if (filters.eventType !== null) void query.where({ event_type: filters.eventType });
  if (filters.since !== null) void query.where('day', '>=', filters.since);
  if (filters.until !== null) void query.where('day', '<', filters.until);
  const { after } = page;
  if (after) {
    void query.where((rest) => {
      void rest.where('day', '<', after.day);
      void rest.orWhere((same) => {
        void same.where({ day: after.day }).where('content_id', '>', after.contentId);
      });
      void rest.orWhere((same) => {
        void same.where({ day: after.day, content_id: after.contentId });
        void same.where('partner_id', '>', after.partnerId);
      });
      void rest.orWhere((same) => {
        const { day, contentId, partnerId } = after;
        void same.where({ day, content_id: contentId, partner_id: partnerId });
        void same.where('event_type', '>', after.eventType);
      });
    });
  }
  const rows = await query
    .orderBy([
      { column: 'day', order: 'desc' },
      { column: 'content_id' },
      { column: 'partner_id' },
      { column: 'event_type' },
    ])
    .limit(page.limit + 1);
  return { rows: rows.slice(0, page.limit).map(toRow), hasMore: rows.length > page.limit };
}

function toRow(row: Record<string, unknown>): ConsumptionRow {
  return {
    partnerId: row['partner_id'] as string,
    eventType: row['event_type'] as string,
    contentId: row['content_id'] as string,
    day: row['day'] as string,
    count: toNumber(row['count']),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
