import { bodySignature, standardDigest } from '../domain/signed-content';
import { refuse, type Refusal } from './refusal';
import { sameText } from './same-text';
import type { HmacSecret } from './secrets';
import type { Signed } from './signed';

/**
 * One `v1` entry of `webhook-signature` must fit one of the secrets; entries of other versions are passed over. And
 * where `X-Signature` names a key that is known here, it must fit too, unless the body was unpacked on its way here: it
 * is over the bytes that were sent.
 *
 * @returns the key id of the secret that fits (null where secrets have none), or a refusal.
 */
export function checkHmac(
  signed: Signed,
  secrets: readonly HmacSecret[],
): { kid: string | null } | Refusal {
  const fitting = secrets.find((secret) => {
    const expected = `v1,${standardDigest(secret.decoded, signed)}`;
    return signed.signatures.some((entry) => sameText(entry, expected));
  });
  if (!fitting) {
    return refuse(
      'signature_mismatch',
      signed.signatures.length === 0
        ? 'The header webhook-signature is missing'
        : 'No v1 entry of webhook-signature fits this body and the secrets known here',
    );
  }
  const named = secrets.find((secret) => secret.kid !== null && secret.kid === signed.kid);
  if (named && signed.bodySignature !== null && !signed.unpacked) {
    if (!sameText(signed.bodySignature, bodySignature(named.text, signed.body))) {
      return refuse('signature_mismatch', 'X-Signature does not fit this body and its key');
    }
  }
  return { kid: fitting.kid };
}
