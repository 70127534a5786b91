import { isIP } from 'node:net';
import type { NetworkPolicy, SettingsProblem } from '../contract';
import { checkAddress, parseAllowList } from './address-policy';
import type { ClientCertificate } from './client-certificate';
import { isReservedHeader } from './reserved-headers';

/** Where and how a subscription's webhook is sent. */
export interface WebhookSettings {
  url: string;
  /** The subscription's own headers; values may be credentials. */
  headers: Readonly<Record<string, string>>;
  /** Over the whole exchange: name, connection, request, answer and its body. */
  timeoutSeconds: number;
  /** Shown to the endpoint, where it asks for one. */
  clientCertificate?: ClientCertificate | null;
}

/** RFC 9110 §5.6.2. */
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Visible Latin-1, space and tab (RFC 9110 §5.5): above all no CR and LF, which would begin another header. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * What is wrong with settings, as far as can be said without asking a name server. Names are checked when the
 * socket connects, because only then is it certain which address they mean.
 * Throws where the policy itself is wrong (a range in `allow` that is none).
 */
export function checkSettings(settings: WebhookSettings, policy: NetworkPolicy): SettingsProblem[] {
  return [
    ...checkUrl(settings.url, policy).map((message) => ({ path: 'url', message })),
    ...Object.entries(settings.headers).flatMap(([name, value]) =>
      checkHeader(name, value).map((message) => ({ path: `headers.${name}`, message })),
    ),
  ];
}

function checkUrl(text: string, policy: NetworkPolicy): string[] {
  const schemes = policy.allowHttp ? 'https:// or http://' : 'https://';
  // A URL parser drops some of these without a word; then what is shown is not what is called.
  if (/[\s\p{Cc}]/u.test(text)) {
    return ['Must not contain spaces, line breaks or control characters; encode a space as %20'];
  }
  const url = parseUrl(text);
  if (url === null) {
    return [`Not a URL; write an absolute one such as https://hooks.example.com/newswire`];
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return [`Must begin with ${schemes}, not with ${url.protocol}`];
  }
  const problems: string[] = [];
  if (url.protocol === 'http:' && !policy.allowHttp) {
    problems.push('Must begin with https://; plain HTTP is not allowed (network.allowHttp)');
  }
  if (!/^https?:\/\/[^/]/i.test(text)) problems.push('Must name a host after https://');
  if (url.username !== '' || url.password !== '') {
    problems.push('Must not contain a user name or password; put them into a custom header');
  }
  if (text.includes('#')) {
    problems.push('Must not contain a fragment (# and what follows); it is never sent');
  }
  if (url.port === '0')
    problems.push('Must not name port 0; leave the port out or give the real one');
  const host = hostOf(url);
  const verdict = isIP(host) === 0 ? null : checkAddress(host, parseAllowList(policy.allow));
  if (verdict?.allowed === false) {
    problems.push(
      `Refused by the network policy: ${verdict.reason}; use a public address, or add it to network.allow`,
    );
  }
  return problems;
}

function checkHeader(name: string, value: string): string[] {
  if (!TOKEN.test(name)) {
    return ['Not a header name; use letters, digits and hyphens (RFC 9110 §5.6.2)'];
  }
  if (isReservedHeader(name)) {
    return [`${name} is set by Newswire and cannot be overridden; choose another name`];
  }
  if (!FIELD_VALUE.test(value)) {
    return ['Must hold printable Latin-1 characters only: no line breaks, no control characters'];
  }
  return [];
}

/** The URL, or null where the text is none. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** The host as a name or a bare IP address: without the brackets that a URL puts around IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
