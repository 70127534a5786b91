import type { Catalogue } from '../domain/catalogue';
import { attainment, slaProblem } from '../domain/sla';
import type { Sla } from '../domain/sla';
import { Loop } from '../flow/loop';
import type { Clock, Log } from '../flow/ports';
import { retryTransient } from '../flow/retry-transient';
import { watchSla } from '../flow/watch-sla';
import { sumDeadlineCounts } from '../store/count-deadlines';
import type { Database, RunInTransaction } from '../store/database';
import { readSlaBreaches } from '../store/sla-breaches';
import type { OperationalEvents } from './operational-events';

/** How one event type's promise has been kept over the window. */
export interface SlaAttainment {
  event_type: string;
  within_seconds: number;
  /** The share that is promised. */
  share: number;
  window_seconds: number;
  /** Deliveries whose deadline fell into the window. */
  samples: number;
  /** The share that was kept; null without samples. */
  attainment: number | null;
  /** Since when the promise has been broken; null while it is kept. */
  breached_since: string | null;
}

export interface SlaParts {
  db: () => Database;
  transaction: RunInTransaction;
  catalogue: Catalogue;
  operational: OperationalEvents;
  options: {
    windowSeconds: number;
    checkSeconds: number;
    minimumSamples: number;
    promises: Readonly<Record<string, Sla>>;
  };
  /** Events were inserted. */
  committed: () => void;
  clock: Clock;
  log: Log;
}

/** The promises on delivery: what they are, how they are kept, and the alert when one is not. */
export class SlaService {
  readonly #parts: SlaParts;
  readonly #promises: Map<string, Sla>;
  readonly #watching: Loop;

  /** @throws Error naming the option that promises something of an event that is not there, or that cannot be. */
  constructor(parts: SlaParts) {
    this.#parts = parts;
    this.#promises = promisesOf(parts.catalogue, parts.options.promises);
    this.#watching = new Loop({
      name: 'Counting deadlines',
      step: () => this.#watch(),
      log: parts.log,
    });
  }

  /** Seconds within which an event of this type is promised to be delivered; null where nothing is promised. */
  within(eventType: string): number | null {
    return this.#promises.get(eventType)?.withinSeconds ?? null;
  }

  /** How every promise has been kept, as far as it has been counted: a minute or two behind the present. */
  async attainment(): Promise<SlaAttainment[]> {
    if (this.#promises.size === 0) {
      return [];
    }
    const { options, clock } = this.#parts;
    const since = new Date(clock.now().getTime() - options.windowSeconds * 1_000);
    const sums = await sumDeadlineCounts(this.#parts.db(), since);
    const breaches = await readSlaBreaches(this.#parts.db());
    return [...this.#promises].map(([eventType, sla]) => {
      const samples = sums.get(eventType) ?? { kept: 0, missed: 0 };
      return {
        event_type: eventType,
        within_seconds: sla.withinSeconds,
        share: sla.share,
        window_seconds: options.windowSeconds,
        samples: samples.kept + samples.missed,
        attainment: attainment(samples),
        breached_since: breaches.get(eventType)?.toISOString() ?? null,
      };
    });
  }

  start(): void {
    if (this.#promises.size > 0) {
      this.#watching.start();
    }
  }

  stop(): Promise<void> {
    return this.#watching.stop();
  }

  async #watch(): Promise<{ sleepMs: number }> {
    const { transaction, clock, options, operational, log } = this.#parts;
    const checkMs = options.checkSeconds * 1_000;
    const windowSeconds = options.windowSeconds;
    const crossings = await retryTransient(() =>
      watchSla(
        {
          transaction,
          clock,
          crossed: (crossing) => operational.slaCrossed(crossing, windowSeconds),
        },
        {
          promises: this.#promises,
          windowMs: windowSeconds * 1_000,
          minimumSamples: options.minimumSamples,
          freshMs: checkMs / 2,
        },
      ),
    );
    for (const { eventType, direction, samples } of crossings) {
      const how = direction === 'below' ? 'is not kept' : 'is kept again';
      log.warn(`The delivery time promised for ${eventType} ${how}`, { ...samples });
    }
    if (crossings.length > 0) {
      this.#parts.committed();
    }
    return { sleepMs: checkMs };
  }
}

/** Definitions' own promises, and those of the options, which win: presets know nothing of the user's. */
function promisesOf(
  catalogue: Catalogue,
  options: Readonly<Record<string, Sla>>,
): Map<string, Sla> {
  const promises = new Map<string, Sla>();
  for (const { type, sla } of catalogue.definitions) {
    if (sla) promises.set(type, sla);
  }
  for (const [type, sla] of Object.entries(options)) {
    if (!catalogue.definition(type)) {
      const known = catalogue.definitions.map((definition) => definition.type).join(', ');
      throw new Error(
        `newswire.config.sla.promises: there is no event "${type}"; there is ${known}`,
      );
    }
    promises.set(type, sla);
  }
  for (const [type, sla] of promises) {
    const problem = slaProblem(sla);
    if (problem) throw new Error(`The promise (sla) for "${type}": ${problem}`);
  }
  return promises;
}
