/** Longest address that is made a link, in characters. */
const MAX_LENGTH = 2_000;

const HOST = /^(\[[\da-f:.]+\]|[a-z\d._~-]+)(:\d+)?$/;

/** What RFC 3986 knows in a path, a query or a fragment. Browsers take more, feed readers do not. */
const UNFIT = /[^\w\-.~:/?@!$&'()*+,;=%]|%(?![\dA-Fa-f]{2})/g;

/**
 * An absolute `http:` or `https:` address as RFC 3986 writes it; null for anything else, so that no text of an editor becomes
 * a link that runs a script, opens a file or shows a password.
 */
export function webAddress(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return null;
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return null;
  const { protocol, host, pathname, search, hash, username, password } = new URL(value);
  if (!HOST.test(host) || username !== '' || password !== '') return null;
  const fragment = hash === '' ? '' : `#${escapeUnfit(hash.slice(1))}`;
  return `${protocol}//${host}${escapeUnfit(pathname + search)}${fragment}`;
}

/** The URL parser has left nothing beyond ASCII. */
function escapeUnfit(text: string): string {
  return text.replace(UNFIT, (character) => encodeURIComponent(character));
}
