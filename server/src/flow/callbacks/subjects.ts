import { reportsOf } from '../../domain/consumption';
import { changeToken } from '../../domain/diff';
import type { Json } from '../../domain/diff';
import type { Subject } from '../../domain/event';
import type { Callback } from './ports';

/** What events of partners are about that answer none of ours. */
const CONTENT_SUBJECT = 'plugin::newswire.content';
const PARTNER_SUBJECT = 'plugin::newswire.partner';

/** One report is about its content, many are about the partner. What cannot be told apart yet is refused later. */
export function reportSubject({ partnerId, eventType, payload }: Callback): Subject {
  const reports = reportsOf(payload);
  const [report] = reports;
  const contentId = reports.length === 1 ? report?.content_id : undefined;
  return {
    ...(contentId === undefined
      ? { type: PARTNER_SUBJECT, id: partnerId }
      : { type: CONTENT_SUBJECT, id: contentId }),
    locale: null,
    change_token: changeToken({ eventType, payload: payload as Json }),
  };
}
