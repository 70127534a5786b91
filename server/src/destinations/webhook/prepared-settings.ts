import { isCredentialName, maskHeaders } from '../../domain/masking';
import { isReservedHeader } from './reserved-headers';
import { parseUrl, type WebhookSettings } from './settings';

/** Settings taken apart once, for all deliveries of a subscription. */
export interface PreparedSettings {
  /** Null where the URL is none that HTTP can be spoken to. */
  target: { origin: string; path: string; secure: boolean } | null;
  /** Host and, where it is not the scheme's usual one, port; for people to read. */
  host: string;
  /** The subscription's own headers, without any that are ours to set. */
  headers: Readonly<Record<string, string>>;
  maskedHeaders: Readonly<Record<string, string>>;
  /** Credentials among the headers' values, which an answer may echo. */
  secrets: readonly string[];
}

const prepared = new WeakMap<WebhookSettings, PreparedSettings>();

/** The settings, prepared; remembered as long as the settings object lives, which must not be altered. */
export function prepareSettings(settings: WebhookSettings): PreparedSettings {
  const known = prepared.get(settings);
  if (known !== undefined) return known;
  const fresh = prepare(settings);
  prepared.set(settings, fresh);
  return fresh;
}

function prepare(settings: WebhookSettings): PreparedSettings {
  const url = parseUrl(settings.url);
  const own = Object.entries(settings.headers).filter(([name]) => !isReservedHeader(name));
  const credentials = own.filter(([name]) => isCredentialName(name));
  const headers = Object.fromEntries(own);
  return {
    target:
      url !== null && /^https?:$/.test(url.protocol)
        ? { origin: url.origin, path: url.pathname + url.search, secure: url.protocol === 'https:' }
        : null,
    host: url?.host ?? settings.url,
    headers,
    maskedHeaders: maskHeaders(headers),
    secrets: credentials.flatMap(([, value]) => secretsIn(value)),
  };
}

/** A credential's value and, where it has a scheme (`Bearer …`), what comes after that; the longest first. */
function secretsIn(value: string): string[] {
  const [, credentials] = /^\S+\s+(\S.*)$/.exec(value) ?? [];
  return credentials === undefined ? [value] : [value, credentials];
}
