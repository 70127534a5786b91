import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { BoundedNames } from '../../domain/bounded-names';
import type { Observer } from '../../flow/observer';
import type { Clock } from '../../flow/ports';
import { readGauges } from '../../store/read-gauges';
import type { Database } from '../../store/database';
import type { SlaAttainment } from '../sla';
import { countersOf } from './counters';
import { gaugesOf } from './gauges';
import type { Reading } from './gauges';

/** What the database said is at least so long good enough for every scraper. */
const FRESH_MS = 1_000;

/** Reading may take up this part of the time, at most: a slow database is not asked every second. */
const READING_SHARE = 0.1;

export interface MetricsParts {
  db: () => Database;
  attainment: () => Promise<SlaAttainment[]>;
  clock: Clock;
  version: string;
  options: { maxSubscriptions: number; processMetrics: boolean };
}

/** Metrics in a registry of their own: the application may have others in prom-client's global one. */
export class Metrics {
  /** Counts what this process does. */
  readonly observer: Observer;
  readonly #parts: MetricsParts;
  readonly #registry = new Registry();
  readonly #show: (reading: Reading) => void;
  #freshUntil = 0;
  #reading: Promise<void> | null = null;

  constructor(parts: MetricsParts) {
    this.#parts = parts;
    const subscriptions = new BoundedNames(parts.options.maxSubscriptions);
    this.observer = countersOf(this.#registry, subscriptions);
    this.#show = gaugesOf(this.#registry, subscriptions);
    new Gauge({
      name: 'newswire_info',
      help: 'The version of Newswire.',
      labelNames: ['version'],
      registers: [this.#registry],
    }).set({ version: parts.version }, 1);
    if (parts.options.processMetrics) {
      collectDefaultMetrics({ register: this.#registry });
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The Prometheus text format, version 0.0.4. Scrapes at the same time share one reading of the database. */
  async text(): Promise<string> {
    if (this.#parts.clock.now().getTime() >= this.#freshUntil) {
      this.#reading ??= this.#read().finally(() => (this.#reading = null));
      await this.#reading;
    }
    return this.#registry.metrics();
  }

  async #read(): Promise<void> {
    const { db, attainment, clock } = this.#parts;
    const started = performance.now();
    const gauges = await readGauges(db());
    const sla = await attainment();
    const took = performance.now() - started;
    const at = clock.now();
    this.#show({ at, gauges, sla });
    this.#freshUntil = at.getTime() + Math.max(FRESH_MS, took / READING_SHARE);
  }
}
