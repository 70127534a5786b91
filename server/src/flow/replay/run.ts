/**
 * Makes the deliveries of replays. The life of a replay:
 *
 *   running   deliveries are made in sequence order, a batch at a time; then those on their way are waited for
 *      ├──▶ done        all were made, all are settled
 *      ├──▶ cancelled   by hand, or because the subscription was deleted
 *      └──▶ failed      a step failed in a way that would come again; what was made goes on
 *
 * One process at a time works on a replay, under a lease. A step reads outside of any transaction, and then writes its
 * deliveries, the position in the log and the time of the next step in one, if it still holds the lease: killed at any
 * point, a replay goes on where it was, without doubles or gaps. The time of the next step is what keeps the rate, so
 * all processes keep it together. Nothing numbered after the start is looked at; so a replay ends, and never takes
 * what the live stream delivers.
 */
import { nextBatchAt, replayBatchSize } from '../../domain/replay';
import { isTransientDatabaseError } from '../../domain/transient-error';
import { advanceReplay, holdReplayLease, postponeReplay } from '../../store/advance-replay';
import type { ReplayAdvance } from '../../store/advance-replay';
import { closeReplay, endReplays } from '../../store/end-replay';
import { insertDeliveries } from '../../store/insert-deliveries';
import { leaseReplay, nextReplayAt } from '../../store/lease-replay';
import { insertBatchItems } from '../../store/open-batches';
import {
  cancelReplayed,
  countReplayed,
  countUnsettledReplayed,
} from '../../store/replayed-deliveries';
import type { ReplayRow } from '../../store/replays';
import { SUBSCRIPTION_DELETED } from '../../store/cancel-orphans';
import type { Pause } from '../loop';
import { retryTransient } from '../retry-transient';
import { makeBatches, makeDeliveries } from './make-deliveries';
import type { Made } from './make-deliveries';
import type { ReplayPorts, ReplayRule, ReplaySettings } from './ports';
import { scopeOf } from './scope';
import { selectFrom } from './select';
import type { Found, ReplayScope, ReplayUnit } from './select';

/** Longer than any step takes; after that another process goes on with the replay of one that died. */
const LEASE_MS = 30_000;

/** Looks through the log in one step, at most: bounds a step where there is little to replay. */
const MAX_LOOKS = 10;

/** Rows of one look: a few times what is wanted, and the more the less is found. */
const FIRST_WINDOW = 4;
const MAX_WINDOW = 2_000;

/** Events that one step puts into batches, unless a single batch takes more. */
const MAX_BATCHED = 1_000;

/** How soon a replay is looked at again that waits for deliveries to be settled. */
const LOOK_AGAIN_MS = 1_000;

type LeasedReplay = ReplayRow & { leaseToken: string };

/** One step of the replay that is due, if one is. */
export async function replayStep(ports: ReplayPorts, settings: ReplaySettings): Promise<Pause> {
  const replay = await lease(ports);
  if (!replay) {
    return { sleepMs: await untilNext(ports, settings.pollMs) };
  }
  try {
    await retryTransient(() => work(ports, settings, replay));
  } catch (error) {
    if (isTransientDatabaseError(error)) {
      throw error;
    }
    await fail(ports, replay, error);
  }
  return 'again';
}

async function lease(ports: ReplayPorts): Promise<LeasedReplay | null> {
  const token = ports.newId();
  const now = ports.clock.now();
  const until = new Date(now.getTime() + LEASE_MS);
  const leased = await retryTransient(() =>
    ports.transaction((trx) => leaseReplay(trx, { now, token, until })),
  );
  return leased && { ...leased, leaseToken: token };
}

async function untilNext(ports: ReplayPorts, pollMs: number): Promise<number> {
  const now = ports.clock.now();
  const next = await nextReplayAt(ports.db, now);
  return next ? Math.max(1, Math.min(next.getTime() - now.getTime(), pollMs)) : pollMs;
}

async function work(
  ports: ReplayPorts,
  settings: ReplaySettings,
  replay: LeasedReplay,
): Promise<void> {
  if (replay.state !== 'running' || replay.position >= replay.upTo) {
    await windDown(ports, replay);
    return;
  }
  const rule = await ports.rule(replay.subscriptionId);
  const now = ports.clock.now();
  if (!rule) {
    const ending = { state: 'cancelled', reason: SUBSCRIPTION_DELETED, now } as const;
    await endReplays(ports.db, { id: replay.id }, ending);
    return;
  }
  const onTheirWay = await countUnsettledReplayed(ports.db, replay.id, settings.maxWaiting);
  const room = settings.maxWaiting - onTheirWay;
  if (room === 0) {
    await keep(ports, replay, { ...standstill(replay, now), reason: heldUp(rule, onTheirWay) });
    return;
  }
  const limit = Math.min(room, replayBatchSize(replay.ratePerSecond));
  const scope = scopeOf(replay);
  const make = { replay, rule, now, newId: ports.newId };
  if (rule.batch && scope.missing) {
    const { max_items: items } = rule.batch;
    const events = Math.max(items, Math.min(limit * items, MAX_BATCHED));
    const found = await find(ports, { scope, rule, replay, limit: events });
    const input = { ...make, found, limits: rule.batch, limit };
    await write(ports, replay, await makeBatches(ports.db, input));
    return;
  }
  const found = await find(ports, { scope, rule, replay, limit });
  await write(ports, replay, makeDeliveries({ ...make, found }));
}

/** Waits until nothing of a replay is on its way; of a cancelled one, gives up what comes back to be tried again. */
async function windDown(ports: ReplayPorts, replay: LeasedReplay): Promise<void> {
  const now = ports.clock.now();
  if (replay.state === 'cancelled') {
    const reason = replay.reason ?? '';
    await ports.transaction((trx) => cancelReplayed(trx, { replayRef: replay.id, reason, now }));
  }
  if ((await countUnsettledReplayed(ports.db, replay.id, 1)) > 0) {
    const nextAt = new Date(now.getTime() + LOOK_AGAIN_MS);
    await postponeReplay(ports.db, { id: replay.id, token: replay.leaseToken, nextAt });
    return;
  }
  const counts = (await countReplayed(ports.db, [replay.id])).get(replay.id) ?? {};
  await ports.transaction((trx) => closeReplay(trx, { id: replay.id, counts, now }));
}

/** Up to `limit` of what is next, from as much of the log as a step may look through. */
async function find(
  ports: ReplayPorts,
  input: { scope: ReplayScope; rule: ReplayRule; replay: ReplayRow; limit: number },
): Promise<Found> {
  const { scope, rule, replay, limit } = input;
  const units: ReplayUnit[] = [];
  let { position } = replay;
  let window = FIRST_WINDOW * limit;
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    if (position >= scope.upTo || units.length >= limit) {
      break;
    }
    const found = await selectFrom(ports, { scope, rule, position, window });
    const taken = wholeNumbers(found.units, limit - units.length);
    units.push(...taken);
    const last = taken.at(-1);
    if (last && taken.length < found.units.length) {
      return { units, position: last.sequenceNumber };
    }
    position = found.position;
    window = Math.min(MAX_WINDOW, 2 * window);
  }
  return { units, position };
}

/** The first `count`, and those that share the last one's number: the position is a number, so none may be cut off. */
function wholeNumbers(units: ReplayUnit[], count: number): ReplayUnit[] {
  let end = count;
  while (end < units.length && units[end]?.sequenceNumber === units[end - 1]?.sequenceNumber) {
    end += 1;
  }
  return units.slice(0, end);
}

async function write(ports: ReplayPorts, replay: LeasedReplay, step: Made): Promise<void> {
  const { deliveries, items, position } = step;
  const now = ports.clock.now();
  const made = deliveries.length;
  const { ratePerSecond, nextAt: dueAt } = replay;
  await keep(
    ports,
    replay,
    {
      made,
      position,
      nextAt: made === 0 ? now : nextBatchAt({ dueAt, now, made, ratePerSecond }),
      reason: null,
      allMade: position >= replay.upTo,
    },
    async (trx) => {
      await insertBatchItems(trx, items);
      await insertDeliveries(trx, deliveries, now);
    },
  );
}

/** Writes a step, with its deliveries, if the replay is still this process's to write. */
async function keep(
  ports: ReplayPorts,
  replay: LeasedReplay,
  advance: ReplayAdvance,
  deliver: (trx: ReplayPorts['db']) => Promise<void> = async () => {},
): Promise<void> {
  const kept = await ports.transaction(async (trx) => {
    const held = await holdReplayLease(trx, { id: replay.id, token: replay.leaseToken });
    if (held) {
      await deliver(trx);
      await advanceReplay(trx, replay.id, advance);
    }
    return held;
  });
  if (kept && advance.made > 0) {
    ports.due();
  }
}

function standstill(replay: ReplayRow, now: Date): Omit<ReplayAdvance, 'reason'> {
  const nextAt = new Date(now.getTime() + LOOK_AGAIN_MS);
  return { made: 0, position: replay.position, nextAt, allMade: false };
}

function heldUp(rule: ReplayRule, onTheirWay: number): string {
  return rule.open
    ? `Waits until the endpoint has taken some of the ${onTheirWay} deliveries that are on their way`
    : 'Waits until the subscription is resumed';
}

async function fail(ports: ReplayPorts, replay: LeasedReplay, error: unknown): Promise<void> {
  ports.log.error('A replay failed', { replay: replay.replayId, error });
  const reason = `A step failed after sequence number ${replay.position}: see Strapi's log. What was made goes on; start another replay for the rest`;
  const ending = { state: 'failed', reason, now: ports.clock.now() } as const;
  await ports.transaction((trx) => endReplays(trx, { id: replay.id }, ending));
}
