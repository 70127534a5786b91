const KEPT_EVENTS = 1_000;

/** How many idempotency keys are remembered. A real receiver keeps them for as long as a sender may retry. */
const KEPT_KEYS = 10_000;

/** What has been received: the last events for `GET /events`, and the keys that make a repetition known. */
export function createJournal() {
  const events = [];
  const keys = new Set();
  return {
    events,

    /** Takes note of a delivery's idempotency key; false when it has been there before. */
    isNew(key) {
      if (keys.has(key)) {
        return false;
      }
      keys.add(key);
      if (keys.size > KEPT_KEYS) {
        keys.delete(keys.values().next().value);
      }
      return true;
    },

    add(entry) {
      events.push(entry);
      if (events.length > KEPT_EVENTS) {
        events.shift();
      }
    },
  };
}
