/**
 * The worker of one process: claims due deliveries under a lease, sends them as a stream, writes results in batches.
 * The states of a delivery are told in store/claim-deliveries.ts.
 *
 * No transaction is open while a request is under way. A heartbeat extends the leases of all that this process holds;
 * when it stops giving signs of life, any process frees them, and they are sent again: at least once, with the same
 * `X-Idempotency-Key`, so exactly once in effect.
 */
import { cancelOrphans } from '../../store/cancel-orphans';
import { claimDeliveries, claimDelivery } from '../../store/claim-deliveries';
import type { ClaimedDelivery, Lease } from '../../store/claim-deliveries';
import { countBacklog } from '../../store/count-backlog';
import {
  extendLeases,
  nextDueAt,
  reclaimExpiredLeases,
  reclaimLeases,
  releaseLeases,
} from '../../store/leases';
import { readEventBodies } from '../../store/read-event-bodies';
import { Loop } from '../loop';
import type { Pause } from '../loop';
import { retryTransient } from '../retry-transient';
import { attempt } from './attempt';
import type { Job, Settled } from './attempt';
import type { DeliverPorts, DeliverSettings, Target } from './ports';
import { ResultBuffer } from './result-buffer';
import { SendQueue } from './send-queue';
import { settle } from './settle';

/** Heartbeats within one lease: two may fail before it runs out. */
const HEARTBEATS_PER_LEASE = 3;

/**
 * Deliveries that this process may have claimed and not finished. Far more than it sends at once, so that what waits for a
 * few slow subscriptions leaves room for the others.
 */
const MAX_HELD = 2_000;

/** A backlog that a header tells is at most this old. */
const BACKLOG_AGE_MS = 1_000;

export class Deliverer {
  readonly #ports: DeliverPorts;
  readonly #settings: DeliverSettings;
  readonly #owner: string;
  readonly #queue: SendQueue;
  readonly #results: ResultBuffer<Settled>;
  readonly #claiming: Loop;
  readonly #heartbeat: Loop;
  readonly #abort = new AbortController();
  /** Row ids of what is leased to this process and neither written nor given up: what the heartbeat speaks for. */
  readonly #held = new Set<number>();
  /** Taken back from subscriptions that may not be sent to any more; given back once that has been written. */
  readonly #parked: Job[] = [];
  #targets = new Map<string, Target>();
  #backlog = { readAt: 0, counts: new Map<string, number>() };

  constructor(ports: DeliverPorts, settings: DeliverSettings) {
    this.#ports = ports;
    this.#settings = settings;
    this.#owner = ports.newId();
    this.#queue = new SendQueue({
      run: (job) => this.#run(job),
      limit: settings.concurrency,
    });
    this.#results = new ResultBuffer({
      write: async (results) => {
        await this.#settle(results);
        await this.#giveBack(this.#parked.splice(0));
        this.#claiming.wake();
      },
      flushMs: settings.flushMs,
      log: ports.log,
    });
    this.#claiming = new Loop({ name: 'Claiming', step: () => this.#claim(), log: ports.log });
    this.#heartbeat = new Loop({ name: 'Heartbeat', step: () => this.#beat(), log: ports.log });
  }

  /** @param input.alone no other process shares the database: whatever is leased was left behind by a dead one. */
  async start(input: { alone: boolean }): Promise<void> {
    if (input.alone) {
      await reclaimLeases(this.#ports.db, this.#ports.clock.now());
    }
    this.#heartbeat.start();
    this.#claiming.start();
  }

  /** Deliveries may be due: look at once. */
  wake(): void {
    this.#claiming.wake();
  }

  /**
   * Stops claiming, gives back what has not begun, and lets what is under way end; after `drainMs` it is cut short and
   * will be tried again.
   */
  async stop(): Promise<void> {
    await this.#claiming.stop();
    try {
      await this.#giveBack(this.#queue.takeWaiting());
    } catch (error) {
      this.#ports.log.warn('What had not begun could not be given back; its leases run out', {
        error,
      });
    }
    const cut = setTimeout(() => this.#abort.abort(), this.#settings.drainMs);
    await this.#queue.drained();
    clearTimeout(cut);
    await this.#results.flush();
    await this.#heartbeat.stop();
  }

  /**
   * Sends one job. When the answer closes the subscription (`Retry-After`, 410), what waits for it here is not begun any
   * more; it stays leased until the answer is written, so that nobody claims it before.
   */
  async #run(job: Job): Promise<void> {
    const result = await this.#attempt(job);
    if (result.holdUntil || result.disable) {
      this.#parked.push(...this.#queue.takeWaiting(job.delivery.subscriptionId));
    }
    this.#results.add(result);
  }

  async #giveBack(jobs: Job[]): Promise<void> {
    if (jobs.length === 0) {
      return;
    }
    const ids = jobs.map((job) => job.delivery.id);
    const subscriptionIds = jobs.map((job) => job.delivery.subscriptionId);
    // Not held any more, given back or not: else the heartbeat would keep for ever what could not be given back.
    for (const id of ids) {
      this.#held.delete(id);
    }
    await releaseLeases(this.#ports.db, { owner: this.#owner, ids });
    await cancelOrphans(this.#ports.db, {
      subscriptionIds: [...new Set(subscriptionIds)],
      now: this.#ports.clock.now(),
    });
  }

  /** Gives back what waits here for subscriptions that were paused, disabled or deleted meanwhile. */
  async #giveBackClosed(): Promise<void> {
    const waitedFor = this.#queue.waitingFor();
    if (waitedFor.length === 0) {
      return;
    }
    this.#targets = await this.#ports.targets();
    const closed = waitedFor.filter((id) => !this.#targets.get(id)?.open);
    await this.#giveBack(closed.flatMap((id) => this.#queue.takeWaiting(id)));
  }

  /** Writes results. Written or not, they are not held any more: what could not be written runs out and is sent again. */
  async #settle(results: Settled[]): Promise<void> {
    try {
      await settle(this.#ports, results);
    } finally {
      for (const result of results) {
        this.#held.delete(result.id);
      }
    }
  }

  /**
   * Sends one waiting delivery now, whatever its subscription's state, and writes the result.
   *
   * @returns the result, or null when the delivery is not waiting.
   */
  async deliverNow(deliveryId: string): Promise<Settled | null> {
    const claimed = await this.#ports.transaction((trx) =>
      claimDelivery(trx, deliveryId, this.#lease()),
    );
    if (!claimed) {
      return null;
    }
    const [job] = await this.#jobsOf([claimed]);
    if (!job) {
      return null;
    }
    const result = await this.#attempt(job);
    await this.#settle([result]);
    return result;
  }

  async #claim(): Promise<Pause> {
    await this.#giveBackClosed();
    const room = Math.min(this.#settings.claimSize, MAX_HELD - this.#queue.held);
    if (room <= 0 || this.#queue.isFull) {
      return { sleepMs: this.#settings.pollMs };
    }
    const claimed = await retryTransient(() =>
      this.#ports.transaction((trx) =>
        claimDeliveries(trx, {
          now: this.#ports.clock.now(),
          limit: room,
          busy: this.#queue.busy(),
          lease: this.#lease(),
        }),
      ),
    );
    for (const job of await this.#jobsOf(claimed)) {
      const target = this.#targets.get(job.delivery.subscriptionId);
      this.#queue.add(job, target?.concurrency ?? 1);
    }
    return claimed.length === room ? 'again' : { sleepMs: await this.#untilNextDue() };
  }

  async #untilNextDue(): Promise<number> {
    const now = this.#ports.clock.now();
    const next = await nextDueAt(this.#ports.db, now);
    const wait = next ? next.getTime() - now.getTime() : this.#settings.pollMs;
    return Math.max(1, Math.min(wait, this.#settings.pollMs));
  }

  async #jobsOf(claimed: ClaimedDelivery[]): Promise<Job[]> {
    if (claimed.length === 0) {
      return [];
    }
    const subscriptionIds = [...new Set(claimed.map((delivery) => delivery.subscriptionId))];
    this.#targets = await this.#ports.targets();
    const events = await readEventBodies(
      this.#ports.db,
      claimed.map((delivery) => delivery.eventRef),
    );
    const backlog = await this.#backlogOf(subscriptionIds);
    return claimed.flatMap((delivery) => {
      const event = events.get(delivery.eventRef);
      if (!event) {
        return [];
      }
      this.#held.add(delivery.id);
      return [{ delivery, event, backlog: Math.max(1, backlog.get(delivery.subscriptionId) ?? 1) }];
    });
  }

  async #backlogOf(subscriptionIds: string[]): Promise<Map<string, number>> {
    const now = this.#ports.clock.now().getTime();
    if (now - this.#backlog.readAt > BACKLOG_AGE_MS) {
      this.#backlog = { readAt: now, counts: new Map() };
    }
    const unknown = subscriptionIds.filter((id) => !this.#backlog.counts.has(id));
    for (const [id, owed] of await countBacklog(this.#ports.db, unknown)) {
      this.#backlog.counts.set(id, owed);
    }
    return this.#backlog.counts;
  }

  #attempt(job: Job): Promise<Settled> {
    return attempt(job, this.#targets.get(job.delivery.subscriptionId) ?? null, {
      clock: this.#ports.clock,
      version: this.#settings.version,
      signal: this.#abort.signal,
    });
  }

  async #beat(): Promise<Pause> {
    if (this.#held.size > 0) {
      await retryTransient(() =>
        extendLeases(this.#ports.db, {
          owner: this.#owner,
          ids: [...this.#held],
          until: this.#leaseEnd(),
        }),
      );
    }
    const reclaimed = await retryTransient(() =>
      reclaimExpiredLeases(this.#ports.db, this.#ports.clock.now()),
    );
    if (reclaimed > 0) {
      this.#ports.log.warn('Freed deliveries whose process gave no sign of life', { reclaimed });
      await cancelOrphans(this.#ports.db, { subscriptionIds: null, now: this.#ports.clock.now() });
      this.#claiming.wake();
    }
    return { sleepMs: this.#settings.leaseMs / HEARTBEATS_PER_LEASE };
  }

  #lease(): Lease {
    return { owner: this.#owner, token: this.#ports.newId(), until: this.#leaseEnd() };
  }

  #leaseEnd(): Date {
    return new Date(this.#ports.clock.now().getTime() + this.#settings.leaseMs);
  }
}
