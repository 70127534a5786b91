import { isAnyOf } from './conditions';
import { dialectOf } from './database';
import type { Database } from './database';
import { insertDeliveries, insertionOfDeliveries } from './insert-deliveries';
import type { NewDelivery } from './insert-deliveries';
import { STATE, TABLES } from './tables';

/** Events that get the numbers `first`, `first + 1`, …, in the order of their ids, which ascend; and what is owed of them. */
export interface Numbering {
  ids: number[];
  first: number;
  deliveries: NewDelivery[];
  now: Date;
}

/**
 * Numbers events, keeps the last number, and writes what is owed of them. On PostgreSQL in one statement: between an editor's
 * commit and the receiver it is round trips that take the time.
 */
export async function numberEvents(trx: Database, input: Numbering): Promise<void> {
  const { deliveries, now } = input;
  if (dialectOf(trx) !== 'postgres') {
    await numbersOf(trx, input);
    await lastNumber(trx, input);
    await insertDeliveries(trx, deliveries, now);
    return;
  }
  const statement = lastNumber(trx, input).with('numbered', numbersOf(trx, input));
  if (deliveries.length > 0) {
    void statement.with('owed', insertionOfDeliveries(trx, deliveries, now));
  }
  await statement;
}

/** The update that gives events their numbers. */
export function numbersOf(trx: Database, { ids, first, now }: Numbering) {
  return trx(TABLES.events)
    .whereRaw(...isAnyOf(trx, 'id', ids))
    .update({
      status: 'sequenced',
      sequence_number: trx.raw(numberOf(ids, first)),
      produced_at: now.getTime(),
    });
}

/** The update that keeps the last number given. */
export function lastNumber(trx: Database, { ids, first }: Numbering) {
  return trx(TABLES.state)
    .where({ name: STATE.sequence })
    .update({ value: first + ids.length - 1 });
}

/**
 * An event's number by its id, as SQL: ids without a gap between them have one distance to their numbers. A branch per event
 * would be read through for every event.
 *
 * @param ids ascending.
 */
function numberOf(ids: number[], first: number): string {
  const runs: { last: number; distance: number }[] = [];
  for (const [index, id] of ids.entries()) {
    const distance = first + index - id;
    const run = runs.at(-1);
    if (run?.distance === distance) run.last = id;
    else runs.push({ last: id, distance });
  }
  const final = runs.pop()?.distance ?? 0;
  const branches = runs.map(({ last, distance }) => `when id <= ${last} then ${distance}`);
  return branches.length === 0
    ? `id + (${final})`
    : `id + (case ${branches.join(' ')} else ${final} end)`;
}
