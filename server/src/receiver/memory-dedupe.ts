import type { DedupeStore } from './dedupe';

const DEFAULT_MAX_ENTRIES = 100_000;

/**
 * A store in memory: for one process, and forgotten with it. Holds at most `maxEntries` ids (100,000 if not given), the
 * newest: what is dropped may be taken twice.
 */
export function memoryDedupe(
  options: { maxEntries?: number; now?: () => number } = {},
): DedupeStore {
  const { maxEntries = DEFAULT_MAX_ENTRIES, now = () => performance.now() } = options;
  const claims = new Map<string, { token: string; until: number }>();
  const done = new Map<string, number>();

  return {
    claim(id, token, leaseMs) {
      const time = now();
      dropExpired(done, (until) => until, time);
      dropExpired(claims, ({ until }) => until, time);
      if ((done.get(id) ?? 0) > time) return Promise.resolve('done');
      if ((claims.get(id)?.until ?? 0) > time) return Promise.resolve('in_progress');
      claims.delete(id);
      claims.set(id, { token, until: time + leaseMs });
      bound(claims, maxEntries);
      return Promise.resolve('claimed');
    },
    finish(id, keepMs) {
      claims.delete(id);
      // Put at the end again, since the oldest stands first.
      done.delete(id);
      done.set(id, now() + keepMs);
      bound(done, maxEntries);
      return Promise.resolve();
    },
    release(id, token) {
      if (claims.get(id)?.token === token) claims.delete(id);
      return Promise.resolve();
    },
  };
}

/** From the oldest on, up to the first that has not expired. */
function dropExpired<Value>(
  entries: Map<string, Value>,
  untilOf: (value: Value) => number,
  time: number,
): void {
  for (const [id, value] of entries) {
    if (untilOf(value) > time) return;
    entries.delete(id);
  }
}

function bound(entries: Map<string, unknown>, size: number): void {
  for (const id of entries.keys()) {
    if (entries.size <= size) return;
    entries.delete(id);
  }
}
