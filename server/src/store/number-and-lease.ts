import { CLAIMED_COLUMNS, toClaimed } from './claim-deliveries';
import type { ClaimedDelivery } from './claim-deliveries';
import { isUnsettledInOrder } from './conditions';
import { dialectOf, toNumber } from './database';
import type { Database } from './database';
import { insertionOfDeliveries } from './insert-deliveries';
import { endLeases, insertionOfLease, insertLease } from './leases';
import type { Lease } from './leases';
import { lastNumber, numberEvents, numbersOf } from './number-events';
import type { Numbering } from './number-events';
import { EVENT_BODY_COLUMNS, toSequencedEvent } from './read-event-bodies';
import type { SequencedEvent } from './read-event-bodies';
import { isFree } from './sendable-subscriptions';
import { TABLES } from './tables';

/** A delivery that is leased from the beginning, and its event. */
export interface LeasedFromBeginning {
  delivery: ClaimedDelivery;
  event: SequencedEvent;
}

type Row = Record<string, unknown>;

/**
 * Numbers events as {@link numberEvents} does, where some of the deliveries have the token of a lease, and tells those of them
 * that may be sent at once: their subscription may be sent to, and none older with their order key is unsettled. The others
 * become `waiting` before anybody has seen them, and go the way of a claim (claim-deliveries.ts). Not for subscriptions with a
 * rate limit.
 */
export async function numberAndLease(
  trx: Database,
  input: Numbering & { lease: Lease },
): Promise<LeasedFromBeginning[]> {
  const rows =
    dialectOf(trx) === 'postgres'
      ? await writeTogether(trx, input)
      : await writeOneByOne(trx, input);
  const leased = rows.filter(isFirst);
  if (leased.length < rows.length) {
    const kept = new Set(leased);
    const others = rows.filter((row) => !kept.has(row)).map((row) => toNumber(row['delivery_ref']));
    await trx(TABLES.deliveries)
      .whereIn('id', others)
      .update({ status: 'waiting', lease_token: null });
  }
  if (leased.length === 0) {
    await endLeases(trx, [input.lease.token]);
  }
  return leased.map((row) => ({
    event: toSequencedEvent(row),
    delivery: toClaimed({ ...row, id: row['delivery_ref'] }, input.lease.token),
  }));
}

/** What was inserted just now does not see itself on PostgreSQL, so those before a row are looked through here. */
function isFirst(row: Row, index: number, rows: Row[]): boolean {
  const hash = row['order_hash'];
  const before = hash === null ? [] : rows.slice(0, index);
  return (
    Boolean(row['open']) &&
    !row['awaits'] &&
    !before.some((earlier) => earlier['order_hash'] === hash)
  );
}

/** One statement, on PostgreSQL. */
async function writeTogether(trx: Database, input: Numbering & { lease: Lease }): Promise<Row[]> {
  const { deliveries, lease, now } = input;
  const owed = trx.raw('? returning *', [insertionOfDeliveries(trx, deliveries, now)]);
  const query = trx
    .with('numbered', numbersOf(trx, input).returning(EVENT_BODY_COLUMNS))
    .with('last', lastNumber(trx, input))
    .with('owed', owed)
    .with('leased', trx('owed').where({ lease_token: lease.token }).select('*'))
    .with('lease', insertionOfLease(trx, lease, { from: 'leased', column: 'id' }))
    .from('leased as d')
    .join('numbered as e', 'e.id', 'd.event_ref');
  return query.orderBy('d.id').select<Row[]>(columnsOf(trx, now));
}

async function writeOneByOne(trx: Database, input: Numbering & { lease: Lease }): Promise<Row[]> {
  await numberEvents(trx, input);
  const { deliveries, lease, now } = input;
  const leasing = deliveries.filter(({ leaseToken }) => leaseToken !== undefined);
  const rows = await trx(`${TABLES.deliveries} as d`)
    .join(`${TABLES.events} as e`, 'e.id', 'd.event_ref')
    .whereIn(
      'd.delivery_id',
      leasing.map(({ deliveryId }) => deliveryId),
    )
    .orderBy('d.id')
    .select<Row[]>(columnsOf(trx, now));
  const ids = rows.map((row) => toNumber(row['delivery_ref']));
  await insertLease(trx, lease, ids);
  return rows;
}

/** Of a delivery `d` and its event `e`: what is sent of them, and whether it may be sent at once. */
function columnsOf(trx: Database, now: Date) {
  const open = trx(`${TABLES.subscriptions} as s`)
    .whereRaw('s.id = d.subscription_id')
    .whereIn('s.state', ['active', 'sandbox'])
    .where(isFree(now.getTime()))
    .select(trx.raw('1'));
  const older = trx(`${TABLES.deliveries} as older`)
    .whereRaw(isUnsettledInOrder(trx, 'older'))
    .whereRaw('older.order_hash = d.order_hash and older.id < d.id')
    .select(trx.raw('1'));
  return [
    'd.id as delivery_ref',
    ...CLAIMED_COLUMNS.filter((column) => column !== 'id').map((column) => `d.${column}`),
    ...EVENT_BODY_COLUMNS.map((column) => `e.${column}`),
    trx.raw('exists ? as open', [open]),
    trx.raw('exists ? as awaits', [older]),
  ];
}
