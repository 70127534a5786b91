import { KeysUnavailableError, readKeySet, type KeySet, type PublicKey } from './key-set';

/** Keys are asked for again after this long. */
const FRESH_MS = 10 * 60_000;

/** Not sooner than this after the last time, whatever the requests that come in claim to be signed with. */
const COOL_DOWN_MS = 10_000;

/** While the producer cannot be reached, keys are used up to this age; then nothing is trusted any more. */
const STALE_MS = 60 * 60_000;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** `fetch`, or a stand-in. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/**
 * Keys from the producer's `/api/newswire/jwks.json`: kept for ten minutes, asked for again when a signature fits none of
 * them (a rotation), one request at a time, with bounds on its time and size. Redirects are not followed.
 */
export function fetchedKeySet(
  url: URL,
  tools: { fetch: Fetch; now: () => number } = {
    fetch: (address, init) => fetch(address, init),
    now: () => performance.now(),
  },
): KeySet {
  let known: { keys: readonly PublicKey[]; at: number } | null = null;
  let askedAt = -Infinity;
  let failure: unknown = null;
  let asking: Promise<void> | null = null;

  const ask = async (): Promise<void> => {
    askedAt = tools.now();
    try {
      known = { keys: await download(url, tools.fetch), at: askedAt };
    } catch (error) {
      // Kept keys may do; whether they do is decided by their age, below.
      failure = error;
    }
  };
  const askOnce = async (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    await asking;
  };
  const coolingDown = () => tools.now() - askedAt < COOL_DOWN_MS;
  const youngerThan = (age: number) => known !== null && tools.now() - known.at < age;

  return {
    async keys() {
      if (asking !== null || (!youngerThan(FRESH_MS) && !coolingDown())) await askOnce();
      if (known !== null && youngerThan(STALE_MS)) return known.keys;
      throw new KeysUnavailableError(`The public keys could not be had from ${url.origin}`, {
        cause: failure,
      });
    },
    async renew() {
      if (asking === null && coolingDown()) return 'too_soon';
      await askOnce();
      return 'renewed';
    },
  };
}

async function download(url: URL, fetchIt: Fetch): Promise<PublicKey[]> {
  const response = await fetchIt(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url.href} answered ${response.status}, not 200`);
  }
  return readKeySet(JSON.parse(await textOf(response)));
}

async function textOf(response: Response): Promise<string> {
  const body: ReadableStream<Uint8Array> | null = response.body;
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part?.value) return Buffer.concat(chunks).toString('utf8');
    size += part.value.byteLength;
    if (size > MAX_BYTES) {
      await reader?.cancel();
      throw new Error(`The key set is larger than ${MAX_BYTES} bytes`);
    }
    chunks.push(part.value);
  }
}
