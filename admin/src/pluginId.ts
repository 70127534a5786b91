export const PLUGIN_ID = 'newswire';
