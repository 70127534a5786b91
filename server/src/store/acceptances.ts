import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A licence that a partner has accepted. */
export interface Acceptance {
  eventId: string;
  offerEventId: string;
  titleId: string;
  partnerId: string;
  exclusive: boolean;
  /** Empty: all of them. */
  territories: readonly string[];
  /** Null: open. */
  startsAt: Date | null;
  endsAt: Date | null;
  acceptedAt: Date;
}

export async function insertAcceptance(trx: Database, one: Acceptance): Promise<void> {
  await trx(TABLES.acceptances).insert({
    event_id: one.eventId,
    offer_event_id: one.offerEventId,
    title_id: one.titleId,
    partner_id: one.partnerId,
    exclusive: one.exclusive,
    territories: JSON.stringify(one.territories),
    starts_at: one.startsAt?.getTime() ?? null,
    ends_at: one.endsAt?.getTime() ?? null,
    accepted_at: one.acceptedAt.getTime(),
  });
}

/** All that was accepted of a title, whoever has. */
export async function listAcceptances(trx: Database, titleId: string): Promise<Acceptance[]> {
  const rows = await trx(TABLES.acceptances)
    .where({ title_id: titleId })
    .select<Record<string, unknown>[]>('*');
  return rows.map((row) => ({
    eventId: row['event_id'] as string,
    offerEventId: row['offer_event_id'] as string,
    titleId: row['title_id'] as string,
    partnerId: row['partner_id'] as string,
    exclusive: Boolean(row['exclusive']),
    territories: JSON.parse(row['territories'] as string) as string[],
    startsAt: toDateOrNull(row['starts_at']),
    endsAt: toDateOrNull(row['ends_at']),
    acceptedAt: new Date(toNumber(row['accepted_at'])),
  }));
}

/** Types by which an offer ends, or gets other terms. */
const ENDINGS = ['license.offer', 'entry.unpublished', 'entry.deleted'];

/** Whether the log has something newer of an offer: other terms, or its end. */
export async function isSuperseded(
  trx: Database,
  offer: { id: number; subjectType: string; subjectId: string },
): Promise<boolean> {
  const newer = await trx(TABLES.events)
    .where({ subject_type: offer.subjectType, subject_id: offer.subjectId })
    .where('id', '>', offer.id)
    .whereIn('event_type', ENDINGS)
    .whereNot('status', 'invalid')
    .first<{ id: unknown } | undefined>('id');
  return newer !== undefined;
}
