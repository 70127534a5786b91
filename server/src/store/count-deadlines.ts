import { forUpdateSkipLocked, toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** Deliveries of one event type whose deadline fell into one span. */
export interface DeadlineCount {
  eventType: string;
  spanStart: number;
  kept: number;
  missed: number;
}

/**
 * Takes the lock on the count for this transaction.
 *
 * @returns the instant up to which deadlines have been counted; null when another process is at it.
 */
export async function lockDeadlineCount(trx: Database): Promise<Date | null> {
  const query = trx(TABLES.state).where({ name: STATE.slaCountedUntil }).first('value');
  const row = (await forUpdateSkipLocked(trx, query)) as { value: unknown } | undefined;
  return row ? new Date(toNumber(row.value)) : null;
}

/**
 * Counts the deliveries whose deadline lies in `[from, until)`. What a person or a newer state took back before it could be
 * kept or missed is no sample.
 */
export async function countDeadlines(
  trx: Database,
  input: { from: Date; until: Date; spanMs: number },
): Promise<DeadlineCount[]> {
  const kept = `sum(case when status in ('delivered', 'awaiting_callback') and settled_at < sla_due_at then 1 else 0 end)`;
  const span = trx.raw('sla_due_at - (sla_due_at % ??)', [trx.raw(String(input.spanMs))]);
  const rows = (await trx(TABLES.deliveries)
    .where('sla_due_at', '>=', input.from.getTime())
    .where('sla_due_at', '<', input.until.getTime())
    .whereNotIn('status', ['cancelled', 'superseded'])
    .groupBy('event_type', span)
    .select('event_type', { span_start: span }, trx.raw(`${kept} as kept`))
    .count({ total: '*' })) as unknown as Record<string, unknown>[];
  return rows.map((row) => {
    const total = toNumber(row['total']);
    const inTime = toNumber(row['kept']);
    return {
      eventType: row['event_type'] as string,
      spanStart: toNumber(row['span_start']),
      kept: inTime,
      missed: total - inTime,
    };
  });
}

/** Adds to what is there of each span, forgets spans before `forgetBefore`, and keeps how far the count has come. */
export async function addDeadlineCounts(
  trx: Database,
  input: { counts: DeadlineCount[]; countedUntil: Date; forgetBefore: Date },
): Promise<void> {
  for (const { eventType, spanStart, kept, missed } of input.counts) {
    const key = { event_type: eventType, span_start: spanStart };
    const added = await trx(TABLES.slaCounts)
      .where(key)
      .update({ kept: trx.raw('kept + ?', [kept]), missed: trx.raw('missed + ?', [missed]) });
    if (added === 0) {
      await trx(TABLES.slaCounts).insert({ ...key, kept, missed });
    }
  }
  await trx(TABLES.slaCounts).where('span_start', '<', input.forgetBefore.getTime()).delete();
  await trx(TABLES.state)
    .where({ name: STATE.slaCountedUntil })
    .update({ value: input.countedUntil.getTime() });
}

/** Sums of the spans that begin at `since` or later, by event type. */
export async function sumDeadlineCounts(
  db: Database,
  since: Date,
): Promise<Map<string, { kept: number; missed: number }>> {
  const rows = (await db(TABLES.slaCounts)
    .where('span_start', '>=', since.getTime())
    .groupBy('event_type')
    .select('event_type')
    .sum({ kept: 'kept', missed: 'missed' })) as unknown as Record<string, unknown>[];
  return new Map(
    rows.map((row) => [
      row['event_type'] as string,
      { kept: toNumber(row['kept']), missed: toNumber(row['missed']) },
    ]),
  );
}
