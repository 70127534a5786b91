/**
 * Verdicts of filter conditions on events that are about to be numbered. They are found outside of any transaction and kept
 * in memory until the event is numbered:
 *
 *   unknown ──ask──▶ pending ──evaluated──▶ yes | no | failed ──event numbered──▶ forgotten
 *
 * A verdict belongs to an event and to the words of a condition, and both never change: a subscription whose condition was
 * changed meanwhile asks for another verdict, and never gets that of the former one.
 */
import type { Database } from '../store/database';
import { readEventTexts } from '../store/read-event-texts';
import type { Evaluate, Evaluation } from './expression/ports';

/** What a condition says of an event. */
export type Verdict = { kind: 'yes' } | { kind: 'no' } | { kind: 'failed'; reason: string };

/** A condition to be evaluated on an event. */
export interface Question {
  /** Row id. */
  eventRef: number;
  condition: string;
}

/**
 * How long the sequencer waits for the verdicts of a batch. Conditions that end sooner, as they do, leave the order of
 * capture as it is; events of slower ones are numbered later, and hold up no others than those of their own subject.
 */
const GRACE_MS = 25;

/** Events whose verdict is pending, at most: there is one sandbox, and their texts are in memory. */
const MAX_PENDING = 500;

/** Verdicts kept in memory, at most: another process may have numbered their events. */
const MAX_KNOWN = 10_000;

export class Verdicts {
  readonly #ports: { db: () => Database; evaluate: Evaluate; ready: () => void };
  readonly #known = new Map<string, Verdict>();
  readonly #pending = new Map<string, Promise<void>>();

  /** @param ports.ready a verdict has come that somebody was told to be pending. */
  constructor(ports: { db: () => Database; evaluate: Evaluate; ready: () => void }) {
    this.#ports = ports;
  }

  /** Questions that are being worked on. */
  get pending(): number {
    return this.#pending.size;
  }

  of(question: Question): Verdict | { kind: 'unknown' | 'pending' } {
    const key = keyOf(question);
    return this.#known.get(key) ?? { kind: this.#pending.has(key) ? 'pending' : 'unknown' };
  }

  /** Begins to work on questions, as many as there is room for, and waits for the answers a moment, never longer. */
  async ask(questions: Question[]): Promise<void> {
    const fresh = new Map(
      questions
        .filter((question) => this.of(question).kind === 'unknown')
        .slice(0, Math.max(0, MAX_PENDING - this.#pending.size))
        .map((question) => [keyOf(question), question]),
    );
    if (fresh.size > 0) {
      const refs = [...fresh.values()].map(({ eventRef }) => eventRef);
      const texts = await readEventTexts(this.#ports.db(), refs);
      for (const [key, question] of fresh) {
        const text = texts.get(question.eventRef);
        // An event that is gone asks for nothing any more.
        if (text !== undefined) this.#pending.set(key, this.#answer(key, question, text));
      }
    }
    await within(GRACE_MS, Promise.all(this.#pending.values()));
  }

  /** These events have their numbers. */
  forget(questions: Question[]): void {
    for (const question of questions) this.#known.delete(keyOf(question));
  }

  /** Never rejects, as {@link Evaluate} never does. */
  async #answer(key: string, { condition }: Question, text: string): Promise<void> {
    const evaluation = await this.#ports.evaluate({
      kind: 'condition',
      source: condition,
      input: text,
    });
    this.#pending.delete(key);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, verdictOf(evaluation));
    this.#ports.ready();
  }
}

function verdictOf(evaluation: Evaluation): Verdict {
  if (evaluation.kind !== 'value') return { kind: 'failed', reason: evaluation.reason };
  return { kind: evaluation.json === 'true' ? 'yes' : 'no' };
}

function keyOf({ eventRef, condition }: Question): string {
  return `${eventRef}:${condition}`;
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
