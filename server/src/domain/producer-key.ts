import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { standardContent, type JwsClaims } from './signed-content';

/**
 * The key pairs of the installation (Ed25519). One is current; those that a rotation has replaced sign `v1a` until they
 * expire. The public halves are served as a JSON Web Key Set.
 */

/** A public key as RFC 8037 writes it, with what a verifier needs to pick it. */
export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  /** The 32 bytes of the key, base64url. */
  x: string;
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
}

/** A new key pair, as it is stored. */
export interface GeneratedKey {
  /** RFC 7638 thumbprint of the public key: whoever has the key can work its id out. */
  kid: string;
  /** `x` of the public key. */
  publicX: string;
  /** PKCS #8, PEM. A secret. */
  privateKey: string;
}

/** Makes a key pair. */
export function generateProducerKey(): GeneratedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    kid: thumbprint(x),
    publicX: x,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

/** RFC 7638 §3: the required members in the order of their names, without white space. */
function thumbprint(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}

export function publicJwk(key: { kid: string; publicX: string }): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', x: key.publicX, kid: key.kid, use: 'sig', alg: 'EdDSA' };
}

/** A private key, ready to sign. Made by {@link prepareProducerKey}. */
export interface ProducerKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The protected header of every JWS by this key, encoded once. */
  readonly jwsHeader: string;
}

/** Reads a private key once, so that signing costs the signature alone. Throws where the text is no Ed25519 key. */
export function prepareProducerKey(stored: { kid: string; privateKey: string }): ProducerKey {
  const privateKey = createPrivateKey(stored.privateKey);
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new Error(`The private key ${stored.kid} is not an Ed25519 key`);
  }
  return {
    kid: stored.kid,
    privateKey,
    jwsHeader: base64url(JSON.stringify({ alg: 'EdDSA', kid: stored.kid })),
  };
}

/** Base64 Ed25519 signature of `id.timestamp.body`, as an entry `v1a` of `webhook-signature` holds it. */
export function standardEd25519(
  key: ProducerKey,
  signed: { id: string; timestamp: string; body: string | Buffer },
): string {
  return sign(null, standardContent(signed), key.privateKey).toString('base64');
}

/** Compact JWS (RFC 7515) over the claims, by EdDSA (RFC 8037). */
export function signJws(key: ProducerKey, claims: JwsClaims): string {
  const input = `${key.jwsHeader}.${base64url(JSON.stringify(claims))}`;
  return `${input}.${sign(null, Buffer.from(input), key.privateKey).toString('base64url')}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
