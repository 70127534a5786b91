/** What other processes may want to look at: new events, deliveries that are due, changed subscriptions, released events. */
export const TOPICS = ['events', 'deliveries', 'config', 'released'] as const;

export type Topic = (typeof TOPICS)[number];

/** What goes over the channel. `from` names the process; a `ping` is for nobody but its sender. */
export type Message = { from: string } & (
  { kind: 'topics'; topics: Topic[] } | { kind: 'ping'; ping: number }
);

/** Reads a payload; null for what is no message of ours: anybody may notify a channel. */
export function parseMessage(payload: string): Message | null {
  const value = parse(payload);
  if (typeof value !== 'object' || value === null || !('from' in value)) {
    return null;
  }
  const { from, topics, ping } = value as { from: unknown; topics?: unknown; ping?: unknown };
  if (typeof from !== 'string') {
    return null;
  }
  if (typeof ping === 'number') {
    return { from, kind: 'ping', ping };
  }
  // A newer version may know more topics than this one.
  const known = Array.isArray(topics) ? TOPICS.filter((topic) => topics.includes(topic)) : [];
  return known.length > 0 ? { from, kind: 'topics', topics: known } : null;
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
