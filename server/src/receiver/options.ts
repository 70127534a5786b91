import type { DedupeStore } from './dedupe';
import { fetchedKeySet } from './fetched-key-set';
import { fixedKeySet, type JsonWebKeySet, type KeySet } from './key-set';
import { prepareSecrets, type HmacSecret, type SecretsInput } from './secrets';

/** What a receiver is made with. Each kind of key that is given must be satisfied: both, where both are. */
export interface ReceiverOptions {
  /**
   * The subscription's secret, as it was shown; several while one is being changed. By key id, or listed; or a function
   * that looks them up for every request, so that a new one needs no restart.
   */
  secrets?: SecretsInput | (() => SecretsInput | Promise<SecretsInput>);
  /** The producer's public keys: its `…/api/newswire/jwks.json`, or what that answers. */
  jwks?: string | URL | JsonWebKeySet;
  /** How far the time of a request may be from now; 300 (Standard Webhooks) if not given, at most a day. */
  toleranceSeconds?: number;
  /** How large a body may be, also unpacked; 16 MiB if not given. */
  maxBodyBytes?: number;
  /** For `process`: where ids are remembered. */
  dedupe?: DedupeStore;
  /** For `process`: how long an id is remembered; 7 days if not given, which is longer than any retry schedule that ships. */
  keepSeconds?: number;
  /** For `process`: how long a handler may take, before a copy that comes in is worked on beside it; 60 if not given. */
  leaseSeconds?: number;
  /** The time; for tests. */
  now?: () => Date;
}

export interface Prepared {
  secrets: (() => Promise<readonly HmacSecret[]>) | null;
  keySet: KeySet | null;
  toleranceSeconds: number;
  maxBodyBytes: number;
  keepMs: number;
  leaseMs: number;
  dedupe: DedupeStore | null;
  now: () => Date;
}

const DAY_SECONDS = 24 * 3600;

/** Throws TypeError or RangeError that names the option and what would be right. */
export function prepareOptions(options: ReceiverOptions): Prepared {
  const { secrets, jwks } = options;
  if (secrets === undefined && jwks === undefined) {
    throw new TypeError('Give secrets, jwks or both: without keys nothing can be verified');
  }
  return {
    secrets: secrets === undefined ? null : secretSource(secrets),
    keySet: jwks === undefined ? null : keySetOf(jwks),
    toleranceSeconds: inRange('toleranceSeconds', options.toleranceSeconds ?? 300, DAY_SECONDS),
    maxBodyBytes: inRange('maxBodyBytes', options.maxBodyBytes ?? 16 * 1024 * 1024, 2 ** 30),
    keepMs:
      1000 * inRange('keepSeconds', options.keepSeconds ?? 7 * DAY_SECONDS, 366 * DAY_SECONDS),
    leaseMs: 1000 * inRange('leaseSeconds', options.leaseSeconds ?? 60, DAY_SECONDS),
    dedupe: options.dedupe ?? null,
    now: options.now ?? (() => new Date()),
  };
}

function secretSource(
  secrets: NonNullable<ReceiverOptions['secrets']>,
): () => Promise<readonly HmacSecret[]> {
  if (typeof secrets === 'function') {
    return async () => prepareSecrets(await secrets());
  }
  const prepared = prepareSecrets(secrets);
  return () => Promise.resolve(prepared);
}

function keySetOf(jwks: NonNullable<ReceiverOptions['jwks']>): KeySet {
  if (typeof jwks !== 'string' && !(jwks instanceof URL)) return fixedKeySet(jwks);
  if (!URL.canParse(String(jwks))) {
    throw new TypeError('jwks is not a URL; give an absolute one, or the key set itself');
  }
  const url = new URL(jwks);
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
    throw new TypeError('jwks must be fetched by https://; anybody on the way could put in a key');
  }
  return fetchedKeySet(url);
}

function inRange(name: string, value: number, max: number): number {
  if (Number.isFinite(value) && value > 0 && value <= max) return value;
  throw new RangeError(`${name} must be above 0 and at most ${max}, not ${value}`);
}
