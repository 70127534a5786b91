import type { FeedRule } from '../../domain/feed-rule';
import type { Database } from '../../store/database';
import { findFeedView, useFeedView } from '../../store/feed-views';
import type { Clock } from '../ports';
import type { View } from './view';

/** How often a view in use is marked as such, and after how long without use this process forgets it. */
const TOUCH_MS = 3_600_000;
const FORGOTTEN_MS = 2 * TOUCH_MS;

interface InUse {
  view: View;
  touchedAt: number;
}

/** The views that are read in this process. Rules that show the same share one. */
export class Views {
  readonly #db: () => Database;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #inUse = new Map<string, InUse>();
  readonly #coming = new Map<string, Promise<View>>();

  constructor(ports: { db: () => Database; clock: Pick<Clock, 'now'> }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  /** The views to be kept up with the log. */
  get all(): View[] {
    return [...this.#inUse.values()].map(({ view }) => view);
  }

  /** The view of a rule; made where there is none. */
  async use(rule: FeedRule): Promise<View> {
    const known = this.#inUse.get(rule.digest);
    const now = this.#clock.now().getTime();
    if (known && Math.abs(now - known.touchedAt) < TOUCH_MS) return known.view;
    let coming = this.#coming.get(rule.digest);
    if (!coming) {
      coming = this.#touch(rule).finally(() => this.#coming.delete(rule.digest));
      this.#coming.set(rule.digest, coming);
    }
    return coming;
  }

  /** Another process has moved a view on: to where it is now. */
  async follow(view: View): Promise<void> {
    const row = await findFeedView(this.#db(), view.rule.digest);
    if (row === null) {
      // Removed by a process whose clock is far ahead: the next reader makes it again.
      this.#inUse.delete(view.rule.digest);
      return;
    }
    place(view, row);
  }

  /** Nobody here has used them for long. */
  forget(): void {
    const now = this.#clock.now().getTime();
    for (const [digest, { touchedAt }] of this.#inUse) {
      if (now - touchedAt > FORGOTTEN_MS) this.#inUse.delete(digest);
    }
  }

  async #touch(rule: FeedRule): Promise<View> {
    const now = this.#clock.now();
    const row = await useFeedView(this.#db(), { digest: rule.digest, now });
    const known = this.#inUse.get(rule.digest)?.view;
    const view = known ?? { rule, id: row.id, indexedUntil: row.indexedUntil };
    if (known) place(known, row);
    this.#inUse.set(rule.digest, { view, touchedAt: now.getTime() });
    return view;
  }
}

/** Never back, unless the view was made anew. */
function place(view: View, row: { id: number; indexedUntil: number }): void {
  view.indexedUntil =
    view.id === row.id ? Math.max(view.indexedUntil, row.indexedUntil) : row.indexedUntil;
  view.id = row.id;
}
