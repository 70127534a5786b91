import { PLUGIN_ID } from '../pluginId';

/** The id under which react-intl knows a text of en.json: all plugins share one dictionary. */
export function translationId(key: string): string {
  return `${PLUGIN_ID}.${key}`;
}
