/** What the server takes as an event type or a pattern over event types. */
export const EVENT_TYPE_PATTERN = /^(\*|[a-z0-9_]+)(\.(\*|[a-z0-9_]+))*$/;

/**
 * Whether a pattern covers an event type, as the server matches them: a `*` stands for one word, and at the end
 * for one or more. Only for showing what a pattern would select; the server decides.
 */
export function covers(pattern: string, eventType: string): boolean {
  const words = pattern.split('.');
  const actual = eventType.split('.');
  const open = words.at(-1) === '*';

  if (open ? actual.length < words.length : actual.length !== words.length) return false;
  return words.every((word, index) => word === '*' || word === actual[index]);
}
