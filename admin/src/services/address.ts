import { PLUGIN_ID } from '../pluginId';

type QueryValue = string | number | undefined;

/**
 * Address of an admin route of the plugin, with its query encoded here: Strapi's fetch client sends `params`
 * unencoded, which breaks on cursors and on times with a `+`.
 */
export function address(path: string, query: Record<string, QueryValue> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const search = parameters.toString();
  return `/${PLUGIN_ID}${path}${search === '' ? '' : `?${search}`}`;
}
