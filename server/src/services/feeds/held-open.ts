import { errors } from '@strapi/utils';
import type { OpenRequests } from '../partners/open-requests';

/** A request that is held open. */
export interface Held {
  /** Aborted when its time is up, its reader has gone away, or the process stops. */
  signal: AbortSignal;
  /** Must be called when it is answered; any number of times. */
  release: () => void;
}

/** Tells once when the reader has gone; gives what takes the callback away. */
export type OnGone = (gone: () => void) => () => void;

/** Seconds after which who was refused may find a place. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Requests that are held open. Each has one controller, because signals that are joined by `AbortSignal.any` are kept as long
 * as the longest of them.
 */
export class HeldOpen {
  readonly #places: OpenRequests;
  readonly #held = new Set<AbortController>();
  #stopping = false;

  constructor(places: OpenRequests) {
    this.#places = places;
  }

  /**
   * @param input.ms for so long; null for ever.
   * @throws RateLimitError (code `too_many_open`) where the token, or this process, holds too many.
   */
  hold(input: { tokenId: string; ms: number | null; onGone: OnGone }): Held {
    const giveBack = this.#places.open(input.tokenId);
    if (giveBack === null) {
      throw new errors.RateLimitError('Too many requests of this token are held open', {
        code: 'too_many_open',
        retry_after_seconds: RETRY_AFTER_SECONDS,
      });
    }
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = input.ms === null ? undefined : setTimeout(abort, input.ms);
    const forget = input.onGone(abort);
    this.#held.add(controller);
    if (this.#stopping) abort();
    return {
      signal: controller.signal,
      release: () => {
        clearTimeout(timer);
        forget();
        giveBack();
        this.#held.delete(controller);
      },
    };
  }

  start(): void {
    this.#stopping = false;
  }

  /** Lets all of them end. */
  stop(): void {
    this.#stopping = true;
    for (const controller of this.#held) controller.abort();
  }
}
