/** Names of the machine's, as people read them. */

/** Letters of a name that are written as one word: `id`, `url` and the like. */
const INITIALS: Record<string, string> = { id: 'ID', url: 'URL', sku: 'SKU', api: 'API' };

/** `previous_title` → `Previous title`, `displayName` → `Display name`. */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .filter((word) => word !== '')
    .map((word) => INITIALS[word.toLowerCase()] ?? word.toLowerCase());
  const [first = '', ...rest] = words;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ');
}

/** `executive.commissioner.promoted` → `Commissioner promoted`, `content.ready` → `Content ready`. */
export function labelOfType(eventType: string): string {
  const parts = eventType.split('.');
  return labelOf((parts.length > 2 ? parts.slice(1) : parts).join(' '));
}
