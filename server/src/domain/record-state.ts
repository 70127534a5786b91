/** How a subject stands after its newest event. */
export type RecordState = 'current' | 'withdrawn' | 'deleted';

const WITHDRAWN = new Set(['withdrawn', 'unpublished', 'unscheduled']);

/** By the last segment of the event's type: `content.withdrawn`, `entry.deleted`. */
export function recordState(eventType: string): RecordState {
  const last = eventType.split('.').at(-1) ?? '';
  if (last === 'deleted') return 'deleted';
  return WITHDRAWN.has(last) ? 'withdrawn' : 'current';
}
