import type { ReplayableStatus } from '../../domain/replay';
import type { ReplayRow } from '../../store/replays';
import type { ReplayScope } from './select';

/** What was asked for, as it is stored with a replay; instants as ISO 8601. */
export interface ReplayRequest {
  status: ReplayableStatus | null;
  event_types: string[];
  since: string | null;
  until: string | null;
  missing: boolean;
}

/** Where a stored replay looks for what. */
export function scopeOf(
  replay: Pick<ReplayRow, 'subscriptionId' | 'request' | 'upTo' | 'createdAt'>,
): ReplayScope {
  const request = replay.request as ReplayRequest;
  return {
    subscriptionId: replay.subscriptionId,
    missing: request.missing,
    status: request.status,
    eventTypes: request.event_types,
    since: request.since === null ? null : new Date(request.since),
    until: request.until === null ? null : new Date(request.until),
    settledBy: replay.createdAt,
    upTo: replay.upTo,
  };
}
