import type { FeedItemInput, ShownEvent } from '../../../server/src/domain/feed-item/item';

/** Attributes that name an entry, the best first. */
const NAMES = ['title', 'name', 'headline', 'label', 'subject', 'slug'];

/** `Person published: Noa Levi`; null, and so the default, where nothing tells of what type the entry is. */
export function entryItem(event: ShownEvent): FeedItemInput | null {
  const { event_type, payload, changed = [] } = event;
  const { content_type, entry } = (payload ?? {}) as { content_type?: unknown; entry?: unknown };
  if (typeof content_type !== 'string' || typeof event_type !== 'string') return null;
  const thing = words(content_type.split('.').at(-1) ?? content_type);
  const name = nameIn(entry);
  const done = event_type.split('.').at(-1) ?? '';
  const title = `${thing} ${done}`;
  const attributes = changed.length > 0 ? changed.map((one) => words(one).toLowerCase()) : null;
  return {
    title: name === null ? title : `${title}: ${name}`,
    summary: attributes ? `Changed: ${attributes.join(', ')}.` : null,
  };
}

function nameIn(entry: unknown): string | null {
  const fields = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<
    string,
    unknown
  >;
  const name = NAMES.map((key) => fields[key]).find(
    (value) => typeof value === 'string' && value.trim() !== '',
  );
  return (name as string | undefined) ?? null;
}

/** `press-release` → `Press release`. */
function words(name: string): string {
  const text = name.replace(/[\s_-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
