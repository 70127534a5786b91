import { isCredentialName, maskHeaders } from '../../domain/masking';
import { isReservedHeader } from './reserved-headers';
import { parseUrl, type WebhookSettings } from './settings';

/** Settings taken apart once, for all deliveries of a subscription. */
export interface PreparedSettings {
  /** Null where the URL is none that HTTP can be spoken to. */
  target: { origin: string; path: string; secure: boolean } | null;
  /** Host and, where it is not the scheme's usual one, port; for people to read. */
  host: string;
  /** The subscription's own headers, without any that are ours to set; `masked` is the value for the log. */
  own: readonly { name: string; lower: string; value: string; masked: string }[];
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
  const masked = maskHeaders(settings.headers);
  const own = Object.entries(settings.headers)
    .filter(([name]) => !isReservedHeader(name))
    .map(([name, value]) => ({
      name,
      lower: name.toLowerCase(),
      value,
      masked: masked[name] ?? '',
    }));
  return {
    target:
      url !== null && /^https?:$/.test(url.protocol)
        ? { origin: url.origin, path: url.pathname + url.search, secure: url.protocol === 'https:' }
        : null,
    host: url?.host ?? settings.url,
    own,
    secrets: own
      .filter(({ name }) => isCredentialName(name))
      .flatMap(({ value }) => secretsIn(value)),
  };
}

/** A credential's value and, where it has a scheme (`Bearer …`), what comes after that; the longest first. */
function secretsIn(value: string): string[] {
  const [, credentials] = /^\S+\s+(\S.*)$/.exec(value) ?? [];
  return credentials === undefined ? [value] : [value, credentials];
}

/** Our headers with the subscription's own beside them: as they are sent, or as they are logged. */
export function withOwnHeaders(
  ours: Readonly<Record<string, string>>,
  own: PreparedSettings['own'],
  as: 'value' | 'masked',
): Readonly<Record<string, string>> {
  if (own.length === 0) return ours;
  const all: Record<string, string> = { ...ours };
  const names = Object.keys(ours);
  for (const header of own) {
    // Lengths first: this runs for every delivery, and lower case costs more than the rest of it.
    const isOurs = (name: string) =>
      name.length === header.lower.length && name.toLowerCase() === header.lower;
    if (!names.some(isOurs)) all[header.name] = header[as];
  }
  return all;
}
