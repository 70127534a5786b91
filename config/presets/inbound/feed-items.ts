import type { FeedItemInput, ShownEvent } from '../../../server/src/domain/feed-item/item';

type Fields = Readonly<Record<string, unknown>>;

/** `Content rejected: NL-HBL-0101`, with the reasons. */
export function replyItem(event: ShownEvent): FeedItemInput | null {
  const { content_id, title_id, reason, failure_codes, note, territories } = fieldsOf(event);
  const id = content_id ?? title_id;
  const label = LABELS[event.event_type ?? ''];
  if (typeof id !== 'string' || label === undefined) return null;
  const codes = Array.isArray(failure_codes) ? failure_codes.join(', ') : null;
  const where = Array.isArray(territories) ? `For ${territories.join(', ')}` : null;
  const told = [reason, codes, where, note].find((text) => typeof text === 'string' && text !== '');
  return { title: `${label}: ${id}`, summary: typeof told === 'string' ? told : null };
}

const LABELS: Readonly<Record<string, string>> = {
  'content.ingested': 'Content ingested',
  'content.rejected': 'Content rejected',
  'license.accepted': 'Licence accepted',
};

/** `Plays reported: 3402, of 2 titles`. */
export function consumptionItem(event: ShownEvent): FeedItemInput {
  const fields = fieldsOf(event);
  const reports = Array.isArray(fields['items']) ? (fields['items'] as Fields[]) : [fields];
  const count = reports.reduce(
    (sum, report) => sum + (typeof report['count'] === 'number' ? report['count'] : 1),
    0,
  );
  const titles = new Set(reports.map((report) => report['content_id']));
  const what = event.event_type === 'ad.impression' ? 'Impressions' : 'Plays';
  const [only] = titles;
  const of = titles.size === 1 && typeof only === 'string' ? only : `${titles.size} titles`;
  return { title: `${what} reported: ${count}, of ${of}` };
}

function fieldsOf({ payload }: ShownEvent): Fields {
  return typeof payload === 'object' && payload !== null ? (payload as Fields) : {};
}
