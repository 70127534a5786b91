/** Time-outs in a row after which an expression is left alone … */
const OFFENCES = 3;

/** … and for how long. After that it has one try before the next quarantine. */
const QUARANTINE_MS = 60_000;

/** Expressions on record, at most; the oldest are forgiven. */
const MAX_RECORDS = 1_000;

/** Remembers which expressions run out of time again and again, so that they cost the others no more. */
export class Quarantine {
  readonly #records = new Map<string, { offences: number; until: number }>();

  /** Until when an expression is not evaluated, in milliseconds since 1970; null when it may be. */
  until(source: string, now: number): number | null {
    const until = this.#records.get(source)?.until ?? 0;
    return until > now ? until : null;
  }

  offended(source: string, now: number): void {
    const offences = (this.#records.get(source)?.offences ?? 0) + 1;
    this.#records.delete(source);
    const [oldest] = this.#records.keys();
    if (this.#records.size >= MAX_RECORDS && oldest !== undefined) this.#records.delete(oldest);
    this.#records.set(source, { offences, until: offences >= OFFENCES ? now + QUARANTINE_MS : 0 });
  }

  behaved(source: string): void {
    this.#records.delete(source);
  }
}
