import { bodyDigest, type JwsClaims } from '../domain/signed-content';
import type { PublicKey } from './key-set';
import { refuse, type Refusal } from './refusal';
import { sameText } from './same-text';
import type { Signed } from './signed';

/** RFC 8037, and the name that RFC 9864 gives to the same algorithm. */
const ALGORITHMS = ['EdDSA', 'Ed25519'];

/**
 * `X-Event-JWS`: signed by the key that its header names, made just now, and about this very body and id.
 *
 * @returns null when it fits.
 */
export async function checkJws(
  jws: string,
  against: {
    signed: Signed;
    keys: readonly PublicKey[];
    now: Date;
    toleranceSeconds: number;
  },
): Promise<Refusal | null> {
  const { signed, keys, now, toleranceSeconds } = against;
  // An ES module, and wanted by few: loaded when the first of these comes.
  const { compactVerify, decodeProtectedHeader, errors } = await import('jose');
  try {
    const { kid } = decodeProtectedHeader(jws);
    const named = keys.find((key) => key.kid !== null && key.kid === kid);
    if (!named) {
      return refuse('unknown_key', 'The kid of X-Event-JWS is not among the public keys');
    }
    const { payload } = await compactVerify(jws, named.key, { algorithms: ALGORITHMS });
    const claims = JSON.parse(Buffer.from(payload).toString('utf8')) as Partial<JwsClaims>;
    if (!sameText(String(claims.body_sha256), bodyDigest(signed.body))) {
      return refuse('signature_mismatch', 'X-Event-JWS is about another body');
    }
    if (claims.event_id !== signed.id) {
      return refuse('signature_mismatch', 'X-Event-JWS is about another webhook-id');
    }
    const age = Math.abs(now.getTime() / 1000 - Number(claims.iat));
    // Written so that an iat which is no number is refused.
    if (!(age <= toleranceSeconds)) {
      return refuse('timestamp_out_of_tolerance', 'iat of X-Event-JWS is too far from now');
    }
    return null;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return refuse('signature_mismatch', 'The signature of X-Event-JWS is wrong');
    }
    if (
      error instanceof errors.JOSEError ||
      error instanceof SyntaxError ||
      // What decodeProtectedHeader throws for what is no header.
      error instanceof TypeError
    ) {
      return refuse('malformed_header', 'X-Event-JWS is not a compact JWS by EdDSA');
    }
    throw error;
  }
}
