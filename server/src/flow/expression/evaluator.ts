import type { Clock } from '../ports';
import { FairQueue } from './fair-queue';
import type { Evaluation, ExpressionJob } from './ports';
import { Quarantine } from './quarantine';
import { Sandbox } from './sandbox';
import type { SandboxAnswer, SandboxSettings } from './sandbox';

/**
 * Jobs that may wait for the sandbox, and how much work may be done before one of them: what is too late then, or comes
 * when there are too many, is told to come again.
 */
const MAX_WAITING = 2_000;
const MAX_WAIT_MS = 5_000;

interface Waiting {
  job: ExpressionJob;
  /** Work done before it came, in milliseconds. */
  workBefore: number;
  resolve(evaluation: Evaluation): void;
}

/**
 * Evaluates expressions one after the other in a sandbox. Expressions take turns; one that runs out of time or memory
 * costs the others its time box, and after a few times nothing, because it is not evaluated for a while.
 */
export class Evaluator {
  readonly #settings: SandboxSettings;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #sandbox: Sandbox;
  readonly #queue = new FairQueue<Waiting>();
  readonly #quarantine = new Quarantine();
  /** Work done so far, in milliseconds; the start of processes is not counted. */
  #work = 0;
  #working = false;
  #closed = false;

  constructor(settings: SandboxSettings, clock: Pick<Clock, 'now'>) {
    this.#settings = settings;
    this.#clock = clock;
    this.#sandbox = new Sandbox(settings);
  }

  evaluate(job: ExpressionJob): Promise<Evaluation> {
    const now = this.#now();
    const until = this.#quarantine.until(job.source, now);
    if (until !== null) return Promise.resolve(quarantined(until));
    if (this.#closed) return Promise.resolve(unfinished('Newswire is stopping'));
    if (this.#queue.size >= MAX_WAITING) {
      return Promise.resolve(unfinished(`${MAX_WAITING} evaluations are waiting already`));
    }
    return new Promise((resolve) => {
      this.#queue.add(job.source, { job, workBefore: this.#work, resolve });
      if (!this.#working) void this.#run();
    });
  }

  /** Starts the sandbox's process before the first job; a failure shows with that job. */
  async warm(): Promise<void> {
    await this.evaluate({ kind: 'parse', source: 'true', input: '' });
  }

  /** What still waits is answered as unfinished. */
  close(): void {
    this.#closed = true;
    this.#sandbox.close();
  }

  /** Never rejects: a sandbox's failures are answers. */
  async #run(): Promise<void> {
    this.#working = true;
    for (let next = this.#queue.take(); next; next = this.#queue.take()) {
      next.resolve(await this.#evaluated(next));
    }
    this.#working = false;
  }

  async #evaluated({ job, workBefore }: Waiting): Promise<Evaluation> {
    if (this.#closed) return unfinished('Newswire is stopping');
    const now = this.#now();
    const until = this.#quarantine.until(job.source, now);
    if (until !== null) return quarantined(until);
    if (this.#work - workBefore > MAX_WAIT_MS) {
      this.#quarantine.offended(job.source, now);
      return unfinished(`it could not be evaluated within ${MAX_WAIT_MS / 1_000} s`);
    }
    const notStarted = await this.#sandbox.ready();
    if (this.#closed) {
      // It may have come up while it was closed.
      this.#sandbox.close();
      return unfinished('Newswire is stopping');
    }
    if (notStarted !== null) {
      return unfinished(`the process for expressions could not be started: ${notStarted}`);
    }
    const began = performance.now();
    const answer = await this.#sandbox.run(job);
    this.#work += performance.now() - began;
    return this.#judge(job.source, answer);
  }

  #judge(source: string, answer: SandboxAnswer): Evaluation {
    const { timeBoxMs, memoryMegabytes } = this.#settings;
    switch (answer.kind) {
      case 'value':
      case 'refused':
        this.#quarantine.behaved(source);
        return answer;
      case 'timed_out':
        this.#quarantine.offended(source, this.#now());
        return unfinished(`it did not end within ${timeBoxMs} ms`);
      case 'died':
        if (this.#closed) return unfinished('Newswire is stopping');
        this.#quarantine.offended(source, this.#now());
        return {
          kind: 'refused',
          reason: `it needed more than the ${memoryMegabytes} MB of memory that it is allowed`,
        };
      default:
        return answer satisfies never;
    }
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

function unfinished(reason: string): Evaluation {
  return { kind: 'unfinished', reason };
}

function quarantined(until: number): Evaluation {
  const moment = new Date(until).toISOString();
  return unfinished(`it ran out of time too often and is not evaluated again before ${moment}`);
}
