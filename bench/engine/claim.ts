import type { Knex } from 'knex';
import { claimDeliveries } from '../../server/src/store/claim-deliveries';
import { dialectOf, ownTransaction } from '../../server/src/store/database';
import { endLeases, releaseDeliveries } from '../../server/src/store/leases';
import { TABLES } from '../../server/src/store/tables';
import { now } from '../run/serve.mjs';
import { newId } from './wiring';

const LEASE_MS = 30_000;

/** Rows made by one statement. */
const CHUNK = 100_000;

/** Puts delivered rows into the table, as if that many deliveries had been made already. */
export async function fillSettled(db: Knex, { rows }: { rows: number }): Promise<void> {
  const subscriptionId = await theSubscription(db);
  const sqlite = dialectOf(db) === 'sqlite';
  const series = sqlite
    ? 'with recursive g(n) as (select ? union all select n + 1 from g where n < ?) '
    : '';
  const from = sqlite ? 'from g' : 'from generate_series(?::bigint, ?::bigint) as g(n)';
  const text = (expression: string) => (sqlite ? expression : `(${expression})::text`);
  const select = `select 'settled-' || ${text('n')}, ?, n, 'entry.updated', n, 'subject-' || ${text('n')},
    n, 'delivered', true, false, 1, 1, n, n, n ${from}`;
  const columns = [
    ...['delivery_id', 'subscription_id', 'event_ref', 'event_type', 'sequence_number'],
    ...['subject_id', 'order_hash', 'status', 'settled', 'replay', 'attempts', 'schedule_step'],
    ...['due_at', 'created_at', 'settled_at'],
  ].join(', ');
  for (let first = 1; first <= rows; first += CHUNK) {
    const last = Math.min(rows, first + CHUNK - 1);
    const bounds = [first, last];
    const bindings = sqlite ? [...bounds, subscriptionId] : [subscriptionId, ...bounds];
    await db.raw(`insert into ${TABLES.deliveries} (${columns}) ${series}${select}`, bindings);
  }
}

async function theSubscription(db: Knex): Promise<string> {
  const [row] = await db(TABLES.subscriptions).select<{ id: string }[]>('id');
  if (!row) throw new Error('There is no subscription');
  return row.id;
}

/** How long each of so many claims takes, begin and commit included, in milliseconds. What is claimed is given back. */
export async function claimTimes(
  db: Knex,
  input: { claims: number; size: number },
): Promise<number[]> {
  const times: number[] = [];
  const subscriptionId = await theSubscription(db);
  for (let claim = 0; claim < input.claims; claim += 1) {
    const at = new Date();
    const token = newId();
    const startedAt = now();
    const claimed = await ownTransaction(db, (trx) =>
      claimDeliveries(trx, {
        now: at,
        shares: [{ subscriptionId, limit: input.size }],
        lease: { token, until: new Date(at.getTime() + LEASE_MS) },
      }),
    );
    times.push(now() - startedAt);
    if (claimed.length !== input.size) throw new Error(`Claimed ${claimed.length} rows`);
    await releaseDeliveries(db, claimed);
    await endLeases(db, [token]);
  }
  return times;
}
