/** Keeps credentials out of what is stored and shown of an attempt (spec §5). */

/** Stands for a credential. Its length says nothing about the credential's. */
export const MASK = '••••••••';

/**
 * Parts of header names whose values are credentials. `signature` is not among them: a signature proves one
 * request, its key is not in it, and receivers debug with it.
 */
const CREDENTIAL_NAME =
  /authorization|cookie|token|secret|passw|api[-_]?key|access[-_]?key|auth[-_]?key|private[-_]?key|credential/i;

/** Whether a header or field of this name holds a credential, e.g. `Authorization`, `X-Api-Key`. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL_NAME.test(name);
}

/** Headers with the values of credentials masked, and credentials inside other values as {@link maskBody} does. */
export function maskHeaders(
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? '';
    masked[name] = isCredentialName(name) ? MASK : maskBody(value, secrets);
  }
  return masked;
}

const FIELD = '[\\w-]{0,40}(?:passw|secret|token|api_?-?key|authorization|credential)[\\w-]{0,40}';

/**
 * What a credential looks like in free text. Every repetition is bounded or of a class that cannot begin the
 * pattern anew, so the time is linear in the text; a value may be cut off by the end of the text.
 */
const CREDENTIALS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Not the parameters of a challenge: `Bearer error="invalid_token"` is what an admin needs to read.
  [/\b(Bearer|Basic)\s{1,8}(?!\w+=")[\w.~+/=-]+/gi, `$1 ${MASK}`],
  [/\bwhsec_[\w+/=-]+/g, `whsec_${MASK}`],
  [/\bnwp_[\w-]+/g, `nwp_${MASK}`],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK],
  [new RegExp(`("${FIELD}"\\s{0,20}:\\s{0,20}")(?:[^"\\\\]|\\\\.)+`, 'gi'), `$1${MASK}`],
  [new RegExp(`\\b(${FIELD}=)[^\\s&"'<>;,]+`, 'gi'), `$1${MASK}`],
];

/**
 * What every one of {@link CREDENTIALS} needs to match. Most texts have none of it, and one search of them costs a fraction of
 * six (measured: 3.0 → 1.3 µs for the headers of a usual answer).
 */
const ANY_CREDENTIAL =
  /bearer|basic|whsec_|nwp_|eyJ|passw|secret|token|api_?-?key|authorization|credential/i;

/** The shortest value that is looked for as such; shorter ones would blot out ordinary words. */
const SHORTEST_SECRET = 6;

/**
 * An answer's kept text with obvious credentials masked: bearer and basic credentials, Newswire's own secrets and
 * tokens, JWTs, JSON fields and form values named like a credential, and the `secrets` that were sent along and
 * might come back as an echo.
 */
export function maskBody(text: string, secrets: readonly string[] = []): string {
  let echoless = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) echoless = echoless.replaceAll(secret, MASK);
  }
  if (!ANY_CREDENTIAL.test(echoless)) return echoless;
  return CREDENTIALS.reduce(
    (rest, [pattern, replacement]) => rest.replace(pattern, replacement),
    echoless,
  );
}
