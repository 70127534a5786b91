import type { Core } from '@strapi/strapi';
import { Loop } from '../flow/loop';
import type { Pause } from '../flow/loop';
import type { Clock, Log } from '../flow/ports';
import { retryTransient } from '../flow/retry-transient';
import type { Database } from '../store/database';
import { nextMomentAt, postponeMoment, selectDueMoments, takeMoment } from '../store/due-moments';
import type { DueMoment } from '../store/due-moments';
import type { Capture } from './capture';
import { lockDocument } from './document-states';
import { inTransaction } from './transaction';

/** Moments looked at in one step. */
const STEP_SIZE = 100;

/** How long a moment that could not be looked at is left alone. */
const POSTPONE_MS = 60_000;

export interface DueMomentsParts {
  strapi: Core.Strapi;
  db: () => Database;
  capture: Capture;
  clock: Clock;
  /** How often moments kept by other processes are looked for. */
  pollMs: number;
  log: Log;
  /** Looks for moments of documents that nobody has written since their definitions came; true when there is more. */
  scheduleExisting: () => Promise<boolean>;
}

/**
 * Makes the events of moments that have come: once each, whatever the number of processes, and after a downtime too.
 *
 * A moment is taken, its document read and its event logged in one transaction, which begins with the lock of the
 * document's rows, as an editor's save does: so either a save sees the moment still to come, or the moment sees the save.
 */
export class DueMoments {
  readonly #parts: DueMomentsParts;
  readonly #loop: Loop;

  constructor(parts: DueMomentsParts) {
    this.#parts = parts;
    this.#loop = new Loop({
      name: 'Looking for due moments',
      step: () => this.#step(),
      log: parts.log,
    });
  }

  start(): void {
    this.#loop.start();
  }

  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #step(): Promise<Pause> {
    const { db, clock, pollMs } = this.#parts;
    const more = await this.#parts.scheduleExisting();
    const due = await selectDueMoments(db(), { now: clock.now(), limit: STEP_SIZE });
    for (const moment of due) {
      await this.#fire(moment);
    }
    if (more || due.length === STEP_SIZE) return 'again';
    const next = await nextMomentAt(db());
    const left = next === null ? pollMs : next.getTime() - clock.now().getTime();
    return { sleepMs: Math.min(Math.max(left, 0), pollMs) };
  }

  /** One that fails holds up no other: it is tried again later. */
  async #fire(moment: DueMoment): Promise<void> {
    const { strapi, db, clock, capture, log } = this.#parts;
    const { uid, documentId } = moment.version;
    try {
      await retryTransient(() =>
        inTransaction(strapi, async (trx, onCommit) => {
          // Of a content type that is gone nothing can be locked or read; its moments are gone with it.
          if (capture.knows(uid)) await lockDocument(strapi, trx, { uid, documentId });
          if (await takeMoment(trx, moment.id)) {
            const states = capture.knows(uid) ? await capture.read(uid, [documentId]) : null;
            await capture.recordDue(trx, moment, { states: states?.get(documentId), onCommit });
          }
        }),
      );
    } catch (error) {
      log.error(`The moment ${moment.name} of ${uid} ${documentId} is tried again later`, {
        error,
      });
      const until = new Date(clock.now().getTime() + POSTPONE_MS);
      await postponeMoment(db(), moment.id, until);
    }
  }
}
