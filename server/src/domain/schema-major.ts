/** The major version of a semantic version: `2` of `2.1.0`. */
export function majorOf(version: string): number {
  return Number(version.split('.', 1)[0]);
}

/** How an event relates to the major version that a subscription is pinned to. */
export type PinnedVersion =
  | { kind: 'as_it_is' }
  /** Made by a newer schema: it has to be written in the older one. */
  | { kind: 'convert'; major: number }
  | { kind: 'unavailable'; reason: string };

/** @param majors the subscription's pins, by event type. */
export function pinnedVersion(
  majors: Readonly<Record<string, number>>,
  event: { eventType: string; schemaVersion: string },
): PinnedVersion {
  const pinned = Object.hasOwn(majors, event.eventType) ? majors[event.eventType] : undefined;
  const major = majorOf(event.schemaVersion);
  if (pinned === undefined || pinned === major) return { kind: 'as_it_is' };
  return pinned < major
    ? { kind: 'convert', major: pinned }
    : { kind: 'unavailable', reason: older(event, pinned) };
}

/** Why an event of a newer schema cannot be sent to a subscription that is pinned to an older one. */
export function noConversion(
  event: { eventType: string; schemaVersion: string },
  pinned: number,
): string {
  return `The subscription is pinned to major ${pinned} of ${event.eventType}, and this event has schema ${event.schemaVersion}, from which nothing converts back: pin major ${majorOf(event.schemaVersion)} or remove the pin, then retry; nothing was sent`;
}

function older(event: { eventType: string; schemaVersion: string }, pinned: number): string {
  return `The subscription is pinned to major ${pinned} of ${event.eventType}, and this event was recorded with schema ${event.schemaVersion}: pin major ${majorOf(event.schemaVersion)} or remove the pin, then retry; nothing was sent`;
}
