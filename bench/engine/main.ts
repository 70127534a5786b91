/** The engine without Strapi, in a process of its own; see run/serve.mjs. */
import type { Knex } from 'knex';
import type { Order } from '../../server/src/domain/subscription';
import { dialectOf } from '../../server/src/store/database';
import { migrate } from '../../server/src/store/migrate';
import { now, serve } from '../run/serve.mjs';
import { claimTimes, fillSettled } from './claim';
import { connect } from './database';
import type { DatabaseAddress } from './database';
import {
  addEvent,
  addEvents,
  addSubscription,
  countAttempts,
  isAnythingOwed,
  setState,
} from './rows';
import { profiled } from './profile';
import { wire } from './wiring';
import type { Engine } from './wiring';

const LOOK_EVERY_MS = 1;

let db: Knex;
let engine: Engine;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until so many more attempts were made here than before, and nothing is owed any more. */
async function allRecorded(attempts: number): Promise<void> {
  // The database is looked at only when all have been sent, so that looking costs the engine nothing.
  while (engine.seen.attempts < attempts) await pause(LOOK_EVERY_MS);
  while (await isAnythingOwed(db)) await pause(LOOK_EVERY_MS);
}

serve({
  async open(address: DatabaseAddress) {
    db = connect(address);
    await migrate(db);
    engine = wire(db);
  },
  subscribe: (input: { url: string; concurrency: number; order: Order }) =>
    addSubscription(db, input),
  /** Starts the workers; the subscription is paused, so they have nothing to do. */
  start: () => engine.deliverer.start({ alone: false }),

  /** Puts events into the log and, unless told otherwise, makes their deliveries, which wait for {@link drain}. */
  async prepare({ count, sequence = true }: { count: number; sequence?: boolean }) {
    await setState(db, 'paused');
    await addEvents(db, count);
    while (sequence && (await engine.sequence())) {
      // Batch by batch.
    }
    if (dialectOf(db) === 'postgres') {
      await db.raw('vacuum analyze');
      await db.raw('checkpoint');
    }
  },

  /** From the first claim (or, of events without a number, from the first look at the log) to the last recorded result. */
  async drain({ count, sequence = false }: { count: number; sequence?: boolean }) {
    const wanted = engine.seen.attempts + count;
    await setState(db, 'active');
    const startedAt = now();
    if (sequence) engine.sequencer.start();
    else engine.deliverer.wake();
    await profiled(() => allRecorded(wanted));
    const endedAt = engine.seen.lastTransactionAt;
    if (sequence) await engine.sequencer.stop();
    return { startedAt, endedAt };
  },

  activate: () => setState(db, 'active'),
  /** One event every so often to all subscriptions; returns when each was committed, by event id. */
  async trickle({ count, everyMs }: { count: number; everyMs: number }) {
    const commits: Record<string, number> = {};
    engine.sequencer.start();
    for (let made = 0; made < count; made += 1) {
      const next = pause(everyMs);
      const eventId = await addEvent(db);
      commits[eventId] = now();
      engine.sequencer.wake();
      await next;
    }
    return commits;
  },
  /** The same beside other processes: until nothing is owed to anybody. */
  async drainTogether() {
    const startedAt = now();
    const before = engine.seen.attempts;
    engine.deliverer.wake();
    while (await isAnythingOwed(db)) await pause(10 * LOOK_EVERY_MS);
    return {
      startedAt,
      endedAt: engine.seen.lastTransactionAt,
      attempts: engine.seen.attempts - before,
    };
  },

  recorded: () => countAttempts(db),
  memory() {
    globalThis.gc?.();
    return process.memoryUsage().rss;
  },

  fillSettled: (input: { rows: number }) => fillSettled(db, input),
  claimTimes: (input: { claims: number; size: number }) => claimTimes(db, input),
});
