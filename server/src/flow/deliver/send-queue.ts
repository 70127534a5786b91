import type { Job } from './attempt';

/** Jobs that may wait in this process for a free place of their subscription, per place. */
const WAITING_PER_PLACE = 2;

interface Lane {
  places: number;
  running: number;
  waiting: Job[];
}

/**
 * Claimed deliveries on their way out: a lane per subscription with as many places as it has concurrency, and one limit
 * for the process. A finished job frees its place at once; nothing waits for a batch to end.
 */
export class SendQueue {
  readonly #run: (job: Job) => Promise<void>;
  readonly #limit: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #underWay = new Set<Promise<void>>();
  #held = 0;

  constructor(input: { run: (job: Job) => Promise<void>; limit: number }) {
    this.#run = input.run;
    this.#limit = input.limit;
  }

  /** Jobs waiting or under way. */
  get held(): number {
    return this.#held;
  }

  get isFull(): boolean {
    return this.#underWay.size >= this.#limit;
  }

  /** Subscriptions that have enough on their hands: claiming more for them would only lease what cannot be sent. */
  busy(): string[] {
    return [...this.#lanes]
      .filter(([, lane]) => lane.running + lane.waiting.length >= lane.places * WAITING_PER_PLACE)
      .map(([subscriptionId]) => subscriptionId);
  }

  add(job: Job, places: number): void {
    const { subscriptionId } = job.delivery;
    const lane = this.#lanes.get(subscriptionId) ?? { places, running: 0, waiting: [] };
    lane.places = places;
    lane.waiting.push(job);
    this.#lanes.set(subscriptionId, lane);
    this.#held += 1;
    this.#advance(subscriptionId, lane);
  }

  /** Subscriptions for which jobs wait here. */
  waitingFor(): string[] {
    return [...this.#lanes]
      .filter(([, lane]) => lane.waiting.length > 0)
      .map(([subscriptionId]) => subscriptionId);
  }

  /** Takes back what has not begun, for one subscription or for all. */
  takeWaiting(subscriptionId?: string): Job[] {
    const lanes =
      subscriptionId === undefined ? [...this.#lanes.values()] : [this.#lanes.get(subscriptionId)];
    const jobs = lanes.flatMap((lane) => lane?.waiting.splice(0) ?? []);
    this.#held -= jobs.length;
    return jobs;
  }

  /** Resolves when nothing is under way any more. */
  async drained(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
    }
  }

  #advance(subscriptionId: string, lane: Lane): void {
    while (lane.waiting.length > 0 && lane.running < lane.places && !this.isFull) {
      const job = lane.waiting.shift();
      if (job) {
        this.#start(job, subscriptionId, lane);
      }
    }
    if (lane.running === 0 && lane.waiting.length === 0) {
      this.#lanes.delete(subscriptionId);
    }
  }

  #start(job: Job, subscriptionId: string, lane: Lane): void {
    lane.running += 1;
    const done = this.#run(job).finally(() => {
      lane.running -= 1;
      this.#held -= 1;
      this.#underWay.delete(done);
      this.#advance(subscriptionId, lane);
      this.#advanceOthers();
    });
    this.#underWay.add(done);
  }

  /** A place of the process became free: lanes that waited for one go on. */
  #advanceOthers(): void {
    for (const [subscriptionId, lane] of this.#lanes) {
      if (this.isFull) {
        return;
      }
      this.#advance(subscriptionId, lane);
    }
  }
}
