/**
 * Remembers which ids have been dealt with, so that an event that comes twice is taken once.
 *
 *   (unknown) ──claim──▶ claimed, for the lease ──finish──▶ done, remembered for as long as is kept
 *        ▲                     │
 *        └──release, or the lease runs out: the process that had it died
 *
 * Marked before the work and not only after it, so that two copies which arrive together are not both worked on; and for
 * the length of a lease only, so that an event whose handler died is worked on again. A copy that arrives in between is
 * neither done nor to be done: its sender has to come back.
 */
export interface DedupeStore {
  /**
   * Takes an id for `leaseMs`, in one step that only one of many callers succeeds with.
   *
   * @param token names this very claim, so that nobody lets go of another's.
   */
  claim(id: string, token: string, leaseMs: number): Promise<'claimed' | 'in_progress' | 'done'>;
  /** Remembers the id as done for `keepMs`. */
  finish(id: string, keepMs: number): Promise<void>;
  /** Forgets the claim, if it is still this one. */
  release(id: string, token: string): Promise<void>;
}
