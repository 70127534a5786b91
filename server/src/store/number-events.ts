import { isAnyOf } from './conditions';
import { dialectOf } from './database';
import type { Database } from './database';
import { insertDeliveries, insertionOfDeliveries } from './insert-deliveries';
import type { NewDelivery } from './insert-deliveries';
import { STATE, TABLES } from './tables';

/** Events that get the numbers `first`, `first + 1`, …, in the order of their ids, which ascend; and what is owed of them. */
export interface Numbering extends Releasing {
  ids: number[];
  first: number;
}

/** Events that are released under the numbers `firstRelease`, `firstRelease + 1`, …, in the order of their ids, which ascend. */
export interface Releasing {
  released: number[];
  firstRelease: number;
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

/** Releases events that have their sequence numbers already, and writes what is owed of them. */
export async function releaseEvents(trx: Database, input: Releasing): Promise<void> {
  const { released, firstRelease, deliveries, now } = input;
  await trx(TABLES.events)
    .whereRaw(...isAnyOf(trx, 'id', released))
    .update({
      release_number: trx.raw(numberOf(released, firstRelease)),
      released_at: now.getTime(),
    });
  await trx(TABLES.state)
    .where({ name: STATE.sequence })
    .update({ released: lastRelease(input) });
  await insertDeliveries(trx, deliveries, now);
}

/** The update that gives events their numbers. */
export function numbersOf(trx: Database, { ids, first, released, firstRelease, now }: Numbering) {
  const isReleased = new Set(released);
  const held = ids.filter((id) => !isReleased.has(id));
  // MySQL's columns are set one after the other, and none of these reads another.
  const unlessHeld = (value: string) =>
    trx.raw(
      held.length === 0
        ? value
        : `case when id in (${held.join(', ')}) then null else ${value} end`,
    );
  return trx(TABLES.events)
    .whereRaw(...isAnyOf(trx, 'id', ids))
    .update({
      status: 'sequenced',
      sequence_number: trx.raw(numberOf(ids, first)),
      produced_at: now.getTime(),
      ...(released.length === 0
        ? {}
        : {
            release_number: unlessHeld(numberOf(released, firstRelease)),
            released_at: unlessHeld(String(now.getTime())),
          }),
    });
}

/** The update that keeps the last numbers given. */
export function lastNumber(trx: Database, input: Numbering) {
  const { ids, first } = input;
  return trx(TABLES.state)
    .where({ name: STATE.sequence })
    .update({ value: first + ids.length - 1, released: lastRelease(input) });
}

function lastRelease({ released, firstRelease }: Pick<Releasing, 'released' | 'firstRelease'>) {
  return firstRelease + released.length - 1;
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
