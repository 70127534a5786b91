import { createPublicKey, type KeyObject } from 'node:crypto';

/** A public key of the producer. */
export interface PublicKey {
  kid: string | null;
  key: KeyObject;
}

/** Where public keys come from. */
export interface KeySet {
  /** The keys known now. @throws KeysUnavailableError */
  keys(): Promise<readonly PublicKey[]>;
  /** Looks for newer keys, because none of those known has fitted. `too_soon`: that was done a moment ago. */
  renew(): Promise<'renewed' | 'too_soon' | 'fixed'>;
}

/** A JSON Web Key Set (RFC 7517). Of its keys those for Ed25519 are used. */
export interface JsonWebKeySet {
  keys: readonly object[];
}

/** More keys than any rotation publishes are not read: an entry `v1a` names none, so each is tried. */
const MAX_KEYS = 32;

/** The producer's public keys could not be had. It may be otherwise in a moment. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** Throws TypeError where it is no key set, or holds no Ed25519 key. */
export function readKeySet(input: unknown): PublicKey[] {
  const list = isObject(input) ? input['keys'] : undefined;
  if (!Array.isArray(list)) {
    throw new TypeError('Not a JSON Web Key Set: there is no list "keys"');
  }
  const usable = (list as unknown[]).slice(0, MAX_KEYS).filter(isEd25519);
  if (usable.length === 0) {
    throw new TypeError('The JSON Web Key Set holds no key for signing of kty OKP and crv Ed25519');
  }
  return usable.map(({ kid, x }) => ({
    kid: typeof kid === 'string' ? kid : null,
    key: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } }),
  }));
}

/** Keys that were given once. */
export function fixedKeySet(input: JsonWebKeySet): KeySet {
  const keys = readKeySet(input);
  return { keys: () => Promise.resolve(keys), renew: () => Promise.resolve('fixed') };
}

function isEd25519(key: unknown): key is { kid?: unknown; x: string } {
  return (
    isObject(key) &&
    key['kty'] === 'OKP' &&
    key['crv'] === 'Ed25519' &&
    typeof key['x'] === 'string' &&
    (key['use'] === undefined || key['use'] === 'sig')
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
