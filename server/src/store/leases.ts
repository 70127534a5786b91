/**
 * What a process has claimed at once is one lease: a row with its end and its deliveries. They carry its token
 * as long as they are in `sending`. The heartbeat of a process puts off the end of its leases; what has ended is freed by
 * any process.
 */
import type { Knex } from 'knex';
import { chunksOf } from './case-by-id';
import { isAnyOf } from './conditions';
import { forUpdateSkipLocked } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** Leases freed, extended or ended in one statement. */
const CHUNK = 200;

/** Deliveries given back in one statement. */
const RELEASE_CHUNK = 500;

export interface Lease {
  token: string;
  until: Date;
}

/** A delivery as far as a lease goes. */
export interface Leased {
  id: number;
  leaseToken: string;
}

/** Records that these deliveries, which carry the lease's token, are held. */
export async function insertLease(trx: Database, lease: Lease, ids: number[]): Promise<void> {
  await trx(TABLES.leases).insert({
    token: lease.token,
    expires_at: lease.until.getTime(),
    delivery_ids: JSON.stringify(ids),
  });
}

/** The same on PostgreSQL as a part of a statement that holds their row ids; nothing where it holds none. */
export function insertionOfLease(
  trx: Database,
  lease: Lease,
  { from, column }: { from: string; column: string },
): Knex.Raw {
  return trx.raw(
    `insert into ${TABLES.leases} (token, expires_at, delivery_ids)
      select ?, ?, '[' || string_agg(${column}::text, ',' order by ${column}) || ']' from ${from} having count(*) > 0`,
    [lease.token, lease.until.getTime()],
  );
}

/** The heartbeat: these leases hold until `until`. One that has been freed meanwhile is not brought back. */
export async function extendLeases(db: Database, tokens: string[], until: Date): Promise<void> {
  for (const chunk of chunksOf(tokens, CHUNK)) {
    await db(TABLES.leases).whereIn('token', chunk).update({ expires_at: until.getTime() });
  }
}

/** Forgets leases of which nothing is held any more. */
export async function endLeases(db: Database, tokens: string[]): Promise<void> {
  for (const chunk of chunksOf(tokens, CHUNK)) {
    await db(TABLES.leases).whereIn('token', chunk).delete();
  }
}

/** Whether any lease has ended by itself; asked before a transaction is begun to free what it held. */
export async function hasExpiredLeases(db: Database, now: Date): Promise<boolean> {
  const row: unknown = await db(TABLES.leases)
    .where('expires_at', '<=', now.getTime())
    .first('token');
  return row !== undefined;
}

/**
 * Frees deliveries whose process gave no sign of life in time; they are due at once.
 *
 * @returns how many.
 */
export async function reclaimExpiredLeases(trx: Database, now: Date): Promise<number> {
  const expired = select(trx).where('expires_at', '<=', now.getTime()).limit(CHUNK);
  return free(trx, await forUpdateSkipLocked(trx, expired), now);
}

/** Frees all that is leased: right only where no other process works on this database. */
export async function reclaimLeases(trx: Database, now: Date): Promise<number> {
  return free(trx, await select(trx), now);
}

interface LeaseRow {
  token: string;
  delivery_ids: string;
}

function select(trx: Database) {
  return trx(TABLES.leases).select<LeaseRow[]>('token', 'delivery_ids');
}

async function free(trx: Database, leases: LeaseRow[], now: Date): Promise<number> {
  let freed = 0;
  for (const { token, delivery_ids: list } of leases) {
    const ids = JSON.parse(list) as number[];
    freed += await held(trx, ids, [token]).update({ ...FREE, due_at: atTheLatest(trx, now) });
  }
  await endLeases(
    trx,
    leases.map(({ token }) => token),
  );
  return freed;
}

const FREE = { status: 'waiting', lease_token: null };

/** Their status is not asked for: MySQL might walk, and lock, all that is being sent. */
function held(db: Database, ids: number[], tokens: string[]) {
  return db(TABLES.deliveries)
    .whereRaw(...isAnyOf(db, 'id', ids))
    .whereIn('lease_token', tokens);
}

/** What was due before stays so: a clock that is set back later would put off what is due only since now. */
function atTheLatest(db: Database, now: Date) {
  const at = now.getTime();
  return db.raw('case when due_at < ? then due_at else ? end', [at, at]);
}

/** Gives back what was claimed and not begun, when a process stops. Its leases stay as they are. */
export async function releaseDeliveries(db: Database, leased: Leased[]): Promise<void> {
  for (const chunk of chunksOf(leased, RELEASE_CHUNK)) {
    const tokens = new Set(chunk.map(({ leaseToken }) => leaseToken));
    const ids = chunk.map(({ id }) => id);
    await held(db, ids, [...tokens]).update(FREE);
  }
}
