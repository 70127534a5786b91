/**
 * Requests that are held open in this process, long polls and streams: each takes memory and a socket for as long as its reader
 * likes, so there are so many of each token's and so many in all.
 */
export class OpenRequests {
  readonly #limits: { perToken: number; inAll: number };
  readonly #open = new Map<string, number>();
  #inAll = 0;

  constructor(limits: { perToken: number; inAll: number }) {
    this.#limits = limits;
  }

  /** How many are open. */
  get size(): number {
    return this.#inAll;
  }

  /**
   * Takes a place.
   *
   * @param tokenId of a partner's token, or what else names who asks.
   * @returns gives the place back, however often it is called; null when there is none.
   */
  open(tokenId: string): (() => void) | null {
    const own = this.#open.get(tokenId) ?? 0;
    if (own >= this.#limits.perToken || this.#inAll >= this.#limits.inAll) return null;
    this.#open.set(tokenId, own + 1);
    this.#inAll += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#release(tokenId);
    };
  }

  #release(tokenId: string): void {
    const left = (this.#open.get(tokenId) ?? 1) - 1;
    if (left === 0) this.#open.delete(tokenId);
    else this.#open.set(tokenId, left);
    this.#inAll -= 1;
  }
}
