import { bodySignature } from '../../domain/signed-content';
import { checkHmac } from '../../receiver/check-hmac';
import type { ReadHeader } from '../../receiver/request';
import { sameText } from '../../receiver/same-text';
import type { HmacSecret } from '../../receiver/secrets';
import { readSigned } from '../../receiver/signed';

/** How far `webhook-timestamp` may be from our clock, as Standard Webhooks has it. */
const TOLERANCE_SECONDS = 300;

export type SignatureFault =
  'signature_missing' | 'signature_mismatch' | 'timestamp_out_of_tolerance';

/**
 * Checks what a partner has signed as we sign what we send (spec §3): by Standard Webhooks, by `X-Signature`, or by both, then
 * both must fit.
 *
 * @param input.secrets of the subscription that is named; none where there is no such subscription: nothing fits then.
 */
export function checkSignature(input: {
  header: ReadHeader;
  body: Buffer;
  secrets: readonly HmacSecret[];
  now: Date;
}): SignatureFault | null {
  const { header } = input;
  const standard = header('webhook-signature') !== null;
  const plain = header('x-signature');
  if (!standard && plain === null) return 'signature_missing';
  const fault = standard ? standardFault(input) : null;
  if (fault !== null) return fault;
  return plain === null || fitsBody(plain, input) ? null : 'signature_mismatch';
}

function standardFault({
  header,
  body,
  secrets,
  now,
}: Parameters<typeof checkSignature>[0]): SignatureFault | null {
  const signed = readSigned(header, body);
  if ('ok' in signed) return 'signature_missing';
  const seconds = now.getTime() / 1_000;
  if (Math.abs(seconds - Number(signed.timestamp)) > TOLERANCE_SECONDS) {
    return 'timestamp_out_of_tolerance';
  }
  return 'ok' in checkHmac(signed, secrets) ? 'signature_mismatch' : null;
}

function fitsBody(
  signature: string,
  { header, body, secrets }: Parameters<typeof checkSignature>[0],
): boolean {
  const kid = header('x-signature-kid');
  return secrets
    .filter((secret) => kid === null || secret.kid === kid)
    .some((secret) => sameText(signature, bodySignature(secret.text, body)));
}
