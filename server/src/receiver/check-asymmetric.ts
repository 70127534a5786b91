import { verify } from 'node:crypto';
import { standardContent } from '../domain/signed-content';
import { checkJws } from './check-jws';
import { KeysUnavailableError, type KeySet, type PublicKey } from './key-set';
import { refuse, type Refusal } from './refusal';
import type { Signed } from './signed';

const ED25519_BYTES = 64;

/**
 * The producer's signatures: entries `v1a` of `webhook-signature`, and `X-Event-JWS`. At least one of the two must be
 * there, and what is there must fit.
 *
 * @returns null when it fits.
 */
export async function checkAsymmetric(
  signed: Signed,
  keySet: KeySet,
  time: { now: Date; toleranceSeconds: number },
): Promise<Refusal | null> {
  const entries = signed.signatures.filter((entry) => entry.startsWith('v1a,'));
  if (entries.length === 0 && signed.jws === null) {
    return refuse(
      'missing_header',
      'There is neither a v1a entry in webhook-signature nor X-Event-JWS: the subscription does not sign asymmetrically',
    );
  }
  const check = async (keys: readonly PublicKey[]): Promise<Refusal | null> => {
    if (entries.length > 0 && !fitsOne(signed, entries, keys)) {
      return refuse(
        'signature_mismatch',
        'No v1a entry of webhook-signature fits this body and the public keys',
      );
    }
    // A JWS is about the bytes that were sent; what was unpacked on its way here has v1a entries of its own.
    const stated = signed.unpacked && entries.length > 0 ? null : signed.jws;
    return stated === null ? null : checkJws(stated, { signed, keys, ...time });
  };
  try {
    const refusal = await check(await keySet.keys());
    const keyMayBeNew = refusal?.code === 'unknown_key' || refusal?.code === 'signature_mismatch';
    const renewed = keyMayBeNew ? await keySet.renew() : 'fixed';
    switch (renewed) {
      case 'fixed':
        return refusal;
      case 'renewed':
        return await check(await keySet.keys());
      case 'too_soon':
        // A refusal for good would make dead letters of what was signed right after a rotation.
        return refuse(
          'keys_unavailable',
          'No known public key fits, and newer ones were asked for a moment ago',
        );
    }
  } catch (error) {
    if (error instanceof KeysUnavailableError) return refuse('keys_unavailable', error.message);
    throw error;
  }
}

function fitsOne(signed: Signed, entries: readonly string[], keys: readonly PublicKey[]): boolean {
  const content = standardContent(signed);
  return entries.some((entry) => {
    const signature = Buffer.from(entry.slice('v1a,'.length), 'base64');
    return (
      signature.length === ED25519_BYTES &&
      keys.some(({ key }) => verify(null, content, key, signature))
    );
  });
}
