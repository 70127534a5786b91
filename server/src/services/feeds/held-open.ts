import { errors } from '@strapi/utils';
import type { OpenRequests } from '../partners/open-requests';

/** Calls back once, when a request's answer was sent or its connection is closed. */
export type OnClose = (closed: () => void) => void;

/** Seconds after which who was refused may find a place. */
const RETRY_AFTER_SECONDS = 5;

/** How long a stopping process waits for the last words of its answers to be sent. */
const ENDING_MS = 2_000;

/**
 * Requests that are held open: each ends when its time is up, when its reader has gone, or when the process stops. Each has
 * one controller, because signals that are joined by `AbortSignal.any` are kept as long as the longest of them.
 */
export class HeldOpen {
  readonly #places: OpenRequests;
  readonly #held = new Set<AbortController>();
  #stopping = false;
  #ended: (() => void) | null = null;

  constructor(places: OpenRequests) {
    this.#places = places;
  }

  get count(): number {
    return this.#held.size;
  }

  /**
   * Holds a request open until its connection is closed or its answer was sent.
   *
   * @param input.ms after so long it is to be answered; null: never.
   * @returns aborted when it is to be answered, with whatever there is.
   * @throws RateLimitError (code `too_many_open`) where the token, or this process, holds too many.
   */
  hold(input: { tokenId: string; ms: number | null; onClose: OnClose }): AbortSignal {
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
    this.#held.add(controller);
    input.onClose(() => {
      clearTimeout(timer);
      giveBack();
      abort();
      this.#held.delete(controller);
      if (this.#held.size === 0) this.#ended?.();
    });
    if (this.#stopping) abort();
    return controller.signal;
  }

  start(): void {
    this.#stopping = false;
  }

  /** Lets all of them end, and their answers be sent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#held.size === 0) return;
    const ended = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ENDING_MS);
      this.#ended = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    for (const controller of this.#held) controller.abort();
    await ended;
    this.#ended = null;
  }
}
