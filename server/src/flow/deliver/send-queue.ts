import type { Job } from './attempt';

/**
 * A lane may hold what it will have sent in about this time, by the pace at which its endpoint has answered lately, and
 * more is asked for when it has less left than it sends in the other. Where claims take long, on a busy database or beside
 * other processes, both are a multiple of what the last ones took, so that no lane runs dry meanwhile.
 */
const READ_AHEAD = { leastMs: 100, claims: 3, mostMs: 500 };
const ASK_AHEAD = { leastMs: 40, claims: 1.5, mostMs: 250 };

/** How much the newest claim counts in what claims take. */
const NEWEST = 0.3;

/** Pace is measured over at least this long: shorter, and one flush of results more or less would decide. */
const PACE_WINDOW_MS = 25;

/** How long an empty lane is remembered. */
const IDLE_MS = 2_000;

/** This part of the process's places is for lanes that have nothing under way: so a new one need not wait for the others. */
const RESERVED = 1 / 8;

interface Lane {
  subscriptionId: string;
  places: number;
  running: number;
  waiting: Job[];
  /** It stands in the queue of lanes that may begin something. */
  ready: boolean;
  /** More is owed than was added: ask again when little is left. */
  more: boolean;
  finished: number;
  measuredAt: number;
  /** When it last had something to do. */
  usedAt: number;
  /** Jobs finished per millisecond, lately. */
  pace: number;
}

export interface SendQueueInput {
  run: (job: Job) => Promise<void>;
  /** Jobs under way at once, over all subscriptions. */
  limit: number;
  /** A subscription to which more is owed has little left here. */
  runsLow: () => void;
  /** Milliseconds of a clock that never goes back. */
  elapsed?: () => number;
}

/**
 * Claimed deliveries on their way out: a lane per subscription with as many places as it has concurrency, and one limit
 * for the process. A finished job frees its place at once; nothing waits for a batch to end. Lanes that wait for a place
 * of the process take turns.
 *
 * How much a lane may hold follows its endpoint: one that answers fast is read ahead for, one that hangs holds little
 * more than what is under way. So no number of slow endpoints takes the room of the others.
 */
export class SendQueue {
  readonly #input: SendQueueInput;
  readonly #elapsed: () => number;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: Lane[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #held = 0;
  #claimMs = 0;
  #heldCharacters = 0;
  #closed = false;

  constructor(input: SendQueueInput) {
    this.#input = input;
    this.#elapsed = input.elapsed ?? (() => performance.now());
  }

  /** Jobs waiting or under way. */
  get held(): number {
    return this.#held;
  }

  /** Length of their bodies, in characters. */
  get heldCharacters(): number {
    return this.#heldCharacters;
  }

  /** How many more jobs a subscription may be given. */
  room(subscriptionId: string, places: number): number {
    const lane = this.#lanes.get(subscriptionId);
    if (!lane) {
      return 2 * places;
    }
    this.#measure(lane);
    const stalled = lane.running >= places && lane.pace === 0;
    const readAhead = stalled
      ? 0
      : Math.max(places, Math.ceil(lane.pace * this.#ahead(READ_AHEAD)));
    return Math.max(0, places + readAhead - lane.running - lane.waiting.length);
  }

  /** How long it took from asking for jobs until they were here. */
  claimTook(milliseconds: number): void {
    this.#claimMs += NEWEST * (milliseconds - this.#claimMs);
  }

  /** How many more jobs of a subscription could begin at once. */
  freePlaces(subscriptionId: string, places: number): number {
    const lane = this.#lanes.get(subscriptionId);
    return lane ? Math.max(0, places - lane.running - lane.waiting.length) : places;
  }

  /** Subscriptions for which anything is held. */
  subscriptions(): string[] {
    return [...this.#lanes.keys()];
  }

  add(job: Job, places: number): void {
    const lane = this.#laneOf(job.delivery.subscriptionId, places);
    lane.waiting.push(job);
    this.#held += 1;
    this.#heldCharacters += job.size;
    this.#enqueue(lane);
    this.#pump();
  }

  /** Forgets lanes that have been empty for a while; for a moment they keep their pace. */
  forgetIdle(): void {
    const before = this.#elapsed() - IDLE_MS;
    for (const lane of this.#lanes.values()) {
      if (isEmpty(lane) && lane.usedAt < before) {
        this.#lanes.delete(lane.subscriptionId);
      }
    }
  }

  /** All the room was used that the subscription had: more may be owed. */
  expectMore(subscriptionId: string): void {
    const lane = this.#lanes.get(subscriptionId);
    if (lane) lane.more = true;
  }

  /** Subscriptions for which jobs wait here. */
  waitingFor(): string[] {
    return [...this.#lanes.values()]
      .filter((lane) => lane.waiting.length > 0)
      .map((lane) => lane.subscriptionId);
  }

  /** Begins nothing more. */
  close(): void {
    this.#closed = true;
  }

  /** Takes back what has not begun, for one subscription or for all. */
  takeWaiting(subscriptionId?: string): Job[] {
    const lanes =
      subscriptionId === undefined ? [...this.#lanes.values()] : [this.#lanes.get(subscriptionId)];
    const jobs = lanes.flatMap((lane) => lane?.waiting.splice(0) ?? []);
    for (const job of jobs) this.#letGo(job);
    return jobs;
  }

  /** Resolves when nothing is under way any more. */
  async drained(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
    }
  }

  #laneOf(subscriptionId: string, places: number): Lane {
    const known = this.#lanes.get(subscriptionId);
    if (known) {
      known.places = places;
      return known;
    }
    const lane: Lane = {
      subscriptionId,
      places,
      running: 0,
      waiting: [],
      ready: false,
      more: false,
      finished: 0,
      measuredAt: this.#elapsed(),
      usedAt: this.#elapsed(),
      pace: 0,
    };
    this.#lanes.set(subscriptionId, lane);
    return lane;
  }

  #ahead({ leastMs, claims, mostMs }: typeof READ_AHEAD): number {
    return Math.min(Math.max(leastMs, claims * this.#claimMs), mostMs);
  }

  #measure(lane: Lane): void {
    const now = this.#elapsed();
    const elapsed = now - lane.measuredAt;
    if (elapsed >= PACE_WINDOW_MS) {
      lane.pace = lane.finished / elapsed;
      lane.finished = 0;
      lane.measuredAt = now;
    } else if (lane.finished > lane.pace * PACE_WINDOW_MS) {
      lane.pace = lane.finished / Math.max(1, elapsed);
    }
  }

  #enqueue(lane: Lane): void {
    if (!lane.ready && lane.waiting.length > 0 && lane.running < lane.places) {
      lane.ready = true;
      this.#ready.push(lane);
    }
  }

  /** Begins what may begin: one job of each lane in turn. */
  #pump(): void {
    for (let tries = this.#ready.length; tries > 0 && !this.#isFull();) {
      const lane = this.#ready.shift();
      if (!lane) return;
      lane.ready = false;
      if (lane.waiting.length > 0 && lane.running < this.#placesNow(lane)) {
        this.#begin(lane);
        tries = this.#ready.length + 1;
      } else {
        tries -= 1;
      }
      this.#enqueue(lane);
    }
  }

  #isFull(): boolean {
    return this.#closed || this.#underWay.size >= this.#input.limit;
  }

  #placesNow(lane: Lane): number {
    const { limit } = this.#input;
    const left = limit - this.#underWay.size;
    return left > Math.floor(limit * RESERVED) ? lane.places : 1;
  }

  #begin(lane: Lane): void {
    const job = lane.waiting.shift();
    if (!job) return;
    lane.running += 1;
    const done = this.#input.run(job).finally(() => {
      lane.running -= 1;
      lane.finished += 1;
      this.#letGo(job);
      this.#underWay.delete(done);
      this.#settleLane(lane);
      this.#pump();
    });
    this.#underWay.add(done);
  }

  #settleLane(lane: Lane): void {
    if (lane.more && lane.waiting.length <= lane.places / 2 + lane.pace * this.#ahead(ASK_AHEAD)) {
      lane.more = false;
      this.#input.runsLow();
    }
    lane.usedAt = this.#elapsed();
    this.#enqueue(lane);
  }

  #letGo(job: Job): void {
    this.#held -= 1;
    this.#heldCharacters -= job.size;
  }
}

function isEmpty(lane: Lane): boolean {
  return lane.running === 0 && lane.waiting.length === 0;
}
