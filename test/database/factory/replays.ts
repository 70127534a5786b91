import type { Knex } from 'knex';
import { beforeEach } from 'vitest';
import type { Replay } from '../../../server/src/contracts/replay';
import type { Clock } from '../../../server/src/flow/ports';
import type { Evaluate } from '../../../server/src/flow/expression/ports';
import type { ReplayPorts } from '../../../server/src/flow/replay/ports';
import { replayStep } from '../../../server/src/flow/replay/run';
import { Replays } from '../../../server/src/services/replays';
import { SYSTEM } from '../../../server/src/services/actor';
import { ownTransaction } from '../../../server/src/store/database';
import { TABLES } from '../../../server/src/store/tables';
import { forwarding } from './forwarding';
import { newId, type TestLog } from './log';
import { makeProcess, type TestProcess } from './process';

/** A clock that stands still until it is moved. */
export interface HandClock extends Clock {
  move(milliseconds: number): void;
}

/** Stands a minute ahead, so that all that tests did before lies in its past. */
export function handClock(): HandClock {
  let time = Date.now() + 60_000;
  return {
    now: () => new Date(time),
    random: () => 0,
    move: (milliseconds) => void (time += milliseconds),
  };
}

export interface Replayer {
  service: Replays;
  ports: ReplayPorts;
  /** Starts a replay that is there afterwards. */
  start(body: object): Promise<Replay>;
  count(body: object): Promise<number>;
  /** One step; true when there was something to do. */
  step(): Promise<boolean>;
  /** Steps, a second apart, until `until` holds or nothing more happens; settles nothing. */
  run(until?: () => Promise<boolean>): Promise<void>;
}

const NO_LIMITS = {
  ratePerSecond: 1_000,
  maxRatePerSecond: 10_000,
  maxRunning: 10,
  countSeconds: 60,
};

/** A sandbox for conditions that are the name of an event type. */
export const evaluate: Evaluate = ({ source, input }) =>
  Promise.resolve({ kind: 'value', json: String(input.includes(`"event_type":"${source}"`)) });

interface ReplayerChange {
  ports?: Partial<ReplayPorts>;
  maxWaiting?: number;
  settings?: Partial<typeof NO_LIMITS>;
}

/** For every test of a `describe` a process, and a replayer of it with a clock that is moved by hand. */
export function useReplays(
  log: TestLog,
  change: ReplayerChange = {},
): { process: TestProcess; clock: HandClock; replayer: Replayer } {
  let process: TestProcess;
  let clock: HandClock;
  let replayer: Replayer;
  beforeEach(() => {
    process = makeProcess(log.db);
    clock = handClock();
    replayer = makeReplayer(process, clock, change);
  });
  return {
    process: forwarding(() => process),
    clock: forwarding(() => clock),
    replayer: forwarding(() => replayer),
  };
}

/** The parts of a process that start replays and make their deliveries, without their loop. */
export function makeReplayer(
  process: TestProcess,
  clock: HandClock,
  change: ReplayerChange = {},
): Replayer {
  const rule = (id: string) => process.directory.rule(process.db, id, evaluate);
  const ports: ReplayPorts = {
    db: process.db,
    transaction: process.sequencerPorts.transaction,
    rule,
    due: () => undefined,
    newId,
    clock,
    log: process.deliverPorts.log,
    ...change.ports,
  };
  const service = new Replays({
    db: () => process.db,
    transaction: (work) => ownTransaction(process.db, work),
    rule,
    settings: { ...NO_LIMITS, ...change.settings },
    newId,
    clock,
    started: () => undefined,
  });
  const settings = { maxWaiting: change.maxWaiting ?? 100_000, pollMs: 60_000 };
  const step = async () => (await replayStep(ports, settings)) === 'again';
  return {
    service,
    ports,
    start: async (body) => (await service.create(body, SYSTEM)) as Replay,
    count: async (body) => {
      const answer = await service.create({ ...body, dry_run: true }, SYSTEM);
      return answer.matched ?? NaN;
    },
    step,
    run: async (until = () => Promise.resolve(false)) => {
      for (let steps = 0; steps < 500; steps += 1) {
        if (await until()) return;
        const before = await position(process.db);
        await step();
        clock.move(1_000);
        if ((await position(process.db)) === before && !(await isOpen(process.db))) return;
      }
      throw new Error('The replay did not end within 500 steps');
    },
  };
}

async function isOpen(db: Knex): Promise<boolean> {
  const row = (await db(TABLES.replays)
    .where({ open: true })
    .where('position', '<', db.ref('up_to'))
    .where({ state: 'running' })
    .first('id')) as unknown;
  return Boolean(row);
}

async function position(db: Knex): Promise<string> {
  return JSON.stringify(await db(TABLES.replays).orderBy('id').select('position', 'state', 'open'));
}

/** Settles what waits, as if it had been sent; of one subscription, or of some sequence numbers alone. */
export async function settleWaiting(
  db: Knex,
  status: 'delivered' | 'dead' | 'cancelled' | 'superseded',
  input: { at?: Date; subscriptionId?: string; numbers?: number[]; replay?: boolean } = {},
): Promise<number> {
  const query = db(TABLES.deliveries).where({ status: 'waiting' });
  if (input.subscriptionId) void query.where({ subscription_id: input.subscriptionId });
  if (input.numbers) void query.whereIn('sequence_number', input.numbers);
  if (input.replay !== undefined) void query.where({ replay: input.replay });
  return query.update({
    status,
    settled: true,
    settled_at: (input.at ?? new Date()).getTime(),
    due_at: null,
  });
}

/** Replayed deliveries in the order in which they were made: their sequence numbers. */
export async function replayedNumbers(db: Knex, subscriptionId: string): Promise<number[]> {
  const rows = await db(TABLES.deliveries)
    .where({ subscription_id: subscriptionId, replay: true })
    .orderBy('id')
    .select<{ sequence_number: unknown }[]>('sequence_number');
  return rows.map((row) => Number(row.sequence_number));
}
