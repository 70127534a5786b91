/**
 * The worker of one process: claims due deliveries under a lease, sends them as a stream, writes results in batches.
 * The states of a delivery are told in store/claim-deliveries.ts.
 *
 * No transaction is open while a request is under way. A heartbeat extends the leases of all that this process holds;
 * when it stops giving signs of life, any process frees them, and they are sent again: at least once, with the same
 * `X-Idempotency-Key`, so exactly once in effect.
 */
import { claimDelivery } from '../../store/claim-deliveries';
import type { ClaimedDelivery } from '../../store/claim-deliveries';
import { reclaimLeases } from '../../store/leases';
import type { Lease } from '../../store/leases';
import { nextSendableAt } from '../../store/sendable-subscriptions';
import { Loop } from '../loop';
import type { Pause } from '../loop';
import { retryTransient } from '../retry-transient';
import { haveRoom, offerOf } from './at-once';
import type { Offer } from './at-once';
import { attempt } from './attempt';
import type { Job, Settled } from './attempt';
import { Backlog } from './backlog';
import { claim } from './claim';
import type { Claim, Room } from './claim';
import { ClockSetBack } from './clock-set-back';
import { HeldLeases } from './held-leases';
import { KnownTargets } from './known-targets';
import { loadJobs } from './load-jobs';
import type { DeliverPorts, DeliverSettings, Target } from './ports';
import { ResultBuffer } from './result-buffer';
import { SendQueue } from './send-queue';
import { settle } from './settle';

/** Heartbeats within one lease: two may fail before it runs out. */
const HEARTBEATS_PER_LEASE = 3;

/** Deliveries that this process may have claimed and not finished, and the length of their bodies. */
const MAX_HELD = 10_000;
const MAX_HELD_CHARACTERS = 64 * 1_048_576;

export class Deliverer {
  readonly #ports: DeliverPorts;
  readonly #settings: DeliverSettings;
  readonly #queue: SendQueue;
  readonly #results: ResultBuffer<Settled>;
  readonly #claiming: Loop;
  readonly #heartbeat: Loop;
  readonly #leases: HeldLeases;
  readonly #backlog: Backlog;
  readonly #setBack: ClockSetBack;
  readonly #abort = new AbortController();
  /** Taken back from subscriptions that may not be sent to any more; given back once that has been written. */
  readonly #parked: Job[] = [];
  /** Subscriptions that an answer has closed, until that is written: nothing more is claimed for them. */
  readonly #closing = new Set<string>();
  #running = false;
  readonly #targets: KnownTargets;
  /** The last claim found no room in this process. */
  #full = false;
  /** Subscriptions up to this one had their turn in the last claim. */
  #turn = '';

  constructor(ports: DeliverPorts, settings: DeliverSettings) {
    const { db, transaction, clock, log } = ports;
    this.#ports = ports;
    this.#settings = settings;
    this.#leases = new HeldLeases({
      db,
      transaction,
      clock,
      log,
      leaseMs: settings.leaseMs,
    });
    this.#backlog = new Backlog(db, clock);
    this.#setBack = new ClockSetBack(ports, this.#beatMs);
    this.#targets = new KnownTargets({ read: () => ports.targets(), log });
    this.#queue = new SendQueue({
      run: (job) => this.#run(job),
      limit: settings.concurrency,
      runsLow: () => this.#claiming.wake(),
    });
    this.#results = new ResultBuffer({
      write: (results) => this.#write(results),
      flushMs: settings.flushMs,
      log,
    });
    this.#claiming = new Loop({ name: 'Claiming', step: () => this.#claim(), log });
    this.#heartbeat = new Loop({ name: 'Heartbeat', step: () => this.#beat(), log });
  }

  /** @param input.alone no other process shares the database: whatever is leased was left behind by a dead one. */
  async start(input: { alone: boolean }): Promise<void> {
    if (input.alone) {
      const { transaction, clock } = this.#ports;
      await transaction((trx) => reclaimLeases(trx, clock.now()));
    }
    this.#heartbeat.start();
    this.#claiming.start();
    this.#running = true;
  }

  /** Deliveries may be due: look at once. */
  wake(): void {
    this.#claiming.wake();
  }

  /**
   * Offers to send new deliveries, one per id, without a claim: where nothing is under way here and all can begin at once.
   */
  offer(subscriptionIds: string[], targets: Map<string, Target>): Offer | null {
    if (!this.#running || this.#queue.held > 0) {
      return null;
    }
    this.#targets.replace(targets);
    const closing = subscriptionIds.some((id) => this.#closing.has(id));
    return closing || !haveRoom(subscriptionIds, (id) => this.#roomOf(id))
      ? null
      : offerOf({
          lease: this.#lease(),
          backlog: (ids) => this.#backlog.of(ids),
          leases: this.#leases,
          begin: (jobs) => this.#begin(jobs),
          log: this.#ports.log,
        });
  }

  async #begin(jobs: Job[]): Promise<void> {
    if (!this.#running) {
      await this.#leases.giveBack(jobs);
    } else {
      this.#add(jobs);
    }
  }

  #add(jobs: Job[]): void {
    for (const job of jobs)
      this.#queue.add(job, this.#targets.placesOf(job.delivery.subscriptionId));
  }

  /**
   * Subscriptions or keys have changed: what begins from now on goes by them as they stand now. The claim under way may
   * take its time, and what was claimed before waits here for a place: a revoked key must sign none of it.
   */
  changed(): void {
    this.#targets.changed();
    this.#claiming.wake();
  }

  /**
   * Stops claiming, gives back what has not begun, and lets what is under way end; after `drainMs` it is cut short and
   * will be tried again.
   */
  async stop(): Promise<void> {
    this.#running = false;
    this.#queue.close();
    await this.#claiming.stop();
    try {
      await this.#leases.giveBack(this.#queue.takeWaiting());
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
    await this.#leases.tidy();
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
    await this.#targets.load();
    const [job] = await this.#jobsOf([claimed], new Set());
    if (!job) {
      return null;
    }
    const result = await this.#attempt(job);
    await this.#settle([result]);
    return result;
  }

  async #claim(): Promise<Pause> {
    this.#queue.forgetIdle();
    await this.#targets.load();
    await this.#giveBackClosed();
    const limit = this.#room();
    this.#full = limit <= 0;
    if (this.#full) {
      return { sleepMs: this.#settings.pollMs };
    }
    const began = performance.now();
    const claimed = await this.#claimUpTo(limit);
    this.#add(await this.#jobsOf(claimed.claimed, claimed.probes));
    if (claimed.claimed.length > 0) this.#queue.claimTook(performance.now() - began);
    for (const id of claimed.filled) this.#queue.expectMore(id);
    this.#turn = claimed.next ?? '';
    const more = claimed.next !== null || claimed.claimed.length >= limit;
    return more ? 'again' : { sleepMs: await this.#untilNext(claimed) };
  }

  #room(): number {
    return this.#queue.heldCharacters >= MAX_HELD_CHARACTERS
      ? 0
      : Math.min(this.#settings.claimSize, MAX_HELD - this.#queue.held);
  }

  #claimUpTo(limit: number): Promise<Claim> {
    const room = (id: string) => this.#roomOf(id);
    const busy = this.#queue.subscriptions().filter((id) => room(id).hold <= 0);
    busy.push(...this.#closing);
    return retryTransient(() => {
      const now = this.#ports.clock.now();
      const claimant = { now, lease: this.#lease(), limit, after: this.#turn, busy, room };
      return this.#ports.transaction((trx) => claim(trx, claimant));
    });
  }

  #roomOf(subscriptionId: string): Room {
    const places = this.#targets.placesOf(subscriptionId);
    return {
      hold: this.#queue.room(subscriptionId, places),
      begin: this.#queue.freePlaces(subscriptionId, places),
      ratePerSecond: this.#targets.get(subscriptionId)?.ratePerSecond ?? null,
    };
  }

  /** What was claimed now wakes this loop when it is done; only an idle one asks for how long it may sleep. */
  async #untilNext({ claimed, allowedAt }: Claim): Promise<number> {
    const { db, clock } = this.#ports;
    const now = clock.now();
    const next = claimed.length > 0 ? null : await nextSendableAt(db, now);
    const until = Math.min(next?.getTime() ?? Infinity, allowedAt?.getTime() ?? Infinity);
    return Math.max(1, Math.min(until - now.getTime(), this.#settings.pollMs));
  }

  /** Everything claimed is held from here on: by the heartbeat until its result is written. */
  async #jobsOf(claimed: ClaimedDelivery[], probes: ReadonlySet<string>): Promise<Job[]> {
    if (claimed.length === 0) {
      return [];
    }
    this.#leases.hold(claimed);
    try {
      const backlog = await this.#backlog.of([
        ...new Set(claimed.map((one) => one.subscriptionId)),
      ]);
      const { jobs, left } = await loadJobs(this.#ports.db, claimed, { backlog, probes });
      this.#leases.lose(left);
      return jobs;
    } catch (error) {
      this.#leases.lose(claimed);
      throw error;
    }
  }

  /** Gives back what waits here for subscriptions that were paused, disabled or deleted meanwhile. */
  async #giveBackClosed(): Promise<void> {
    const closed = this.#queue.waitingFor().filter((id) => !this.#targets.get(id)?.open);
    await this.#leases.giveBack(closed.flatMap((id) => this.#queue.takeWaiting(id)));
  }

  /**
   * Sends one job. When the answer closes the subscription (`Retry-After`, 410), what waits for it here is not begun any
   * more; it stays leased until the answer is written, so that nobody claims it before.
   * Claims of this process pass the subscription over until then, too.
   */
  async #run(job: Job): Promise<void> {
    while (this.#targets.refreshing) await this.#targets.refreshing;
    const result = await this.#attempt(job);
    if (result.holdUntil || result.disable) {
      this.#closing.add(job.delivery.subscriptionId);
      this.#parked.push(...this.#queue.takeWaiting(job.delivery.subscriptionId));
    }
    this.#results.add(result);
  }

  #attempt(job: Job): Promise<Settled> {
    return attempt(job, this.#targets.get(job.delivery.subscriptionId), {
      clock: this.#ports.clock,
      version: this.#settings.version,
      signal: this.#abort.signal,
    });
  }

  /** Writes gathered results. A claim follows only where it may find something: most results leave nothing to claim. */
  async #write(results: Settled[]): Promise<void> {
    let due = true;
    try {
      due = await this.#settle(results);
    } finally {
      for (const { job } of results) this.#closing.delete(job.delivery.subscriptionId);
      const parked = this.#parked.splice(0);
      await this.#leases.giveBack(parked);
      if (due || parked.length > 0 || this.#full) this.#claiming.wake();
    }
  }

  /** Writes results; what could not be written is sent again. Tells whether a claim may find something because of them. */
  async #settle(results: Settled[]): Promise<boolean> {
    try {
      const { closed, due } = await settle(this.#ports, results);
      this.#leases.forget(results);
      this.#parked.push(...closed.flatMap((id) => this.#queue.takeWaiting(id)));
      return due;
    } catch (error) {
      this.#leases.lose(results);
      throw error;
    }
  }

  async #beat(): Promise<Pause> {
    if (await this.#leases.beat()) {
      this.#claiming.wake();
    }
    if (await this.#setBack.beat()) {
      // Brought or not: on MySQL its look locks what is due next, and a claim meanwhile has passed that over.
      this.#claiming.wake();
    }
    return { sleepMs: this.#beatMs };
  }

  get #beatMs(): number {
    return this.#settings.leaseMs / HEARTBEATS_PER_LEASE;
  }

  #lease(): Lease {
    return { token: this.#ports.newId(), until: this.#leases.end() };
  }
}
