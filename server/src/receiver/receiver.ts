import { randomUUID } from 'node:crypto';
import { checkAsymmetric } from './check-asymmetric';
import { checkHmac } from './check-hmac';
import { readContent, type Content } from './message';
import { prepareOptions, type Prepared, type ReceiverOptions } from './options';
import { refuse, type Refusal } from './refusal';
import { bytesOf, headerReader, type ReceivedRequest } from './request';
import { readSigned } from './signed';

/** A request that is what it says it is. */
export type Verified = Content & {
  ok: true;
  /** `webhook-id`: the event's id, or the batch's; the same on every attempt and replay. */
  id: string;
  /** The time of this attempt. */
  timestamp: Date;
  /** The secret that fitted, where secrets are given by key id: when it is the new one always, the old one can go. */
  kid: string | null;
};

/** What became of a request. `status` is what to answer. */
export type Processed =
  | { result: 'processed'; status: 204; message: Verified }
  | { result: 'duplicate'; status: 204; message: Verified }
  /** A copy is being worked on. 425: the sender is to come back, since that work may still fail. */
  | { result: 'in_progress'; status: 425; message: Verified }
  | { result: 'refused'; status: Refusal['status']; refusal: Refusal };

export interface Receiver {
  /**
   * Checks the signatures over the bytes, and the time; then reads the body. Never rejects for what a sender does.
   *
   * @throws what `secrets` throws, where it is a function; TypeError where the body is not bytes.
   */
  verify(request: ReceivedRequest): Promise<Verified | Refusal>;
  /**
   * Verifies, and runs the handler for what has not been dealt with yet. When the handler rejects, the event counts as
   * not dealt with, and the error is thrown on: answer 500, and it comes again.
   */
  process(
    request: ReceivedRequest,
    handler: (message: Verified) => Promise<void> | void,
  ): Promise<Processed>;
}

/**
 * A receiver of Newswire's requests.
 *
 * @throws TypeError or RangeError for options that cannot be right.
 * @example
 *   const receiver = createReceiver({ secrets: [process.env.NEWSWIRE_SECRET] });
 *   const verdict = await receiver.verify({ headers: request.headers, body });
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const prepared = prepareOptions(options);
  const verify = (request: ReceivedRequest) => verifyRequest(request, prepared);
  return {
    verify,

    async process(request, handler) {
      const { dedupe, leaseMs, keepMs } = prepared;
      if (!dedupe) {
        throw new TypeError('process needs a store: give createReceiver dedupe: memoryDedupe()');
      }
      const message = await verify(request);
      if (!message.ok) return { result: 'refused', status: message.status, refusal: message };
      const token = randomUUID();
      const claim = await dedupe.claim(message.id, token, leaseMs);
      if (claim === 'done') return { result: 'duplicate', status: 204, message };
      if (claim === 'in_progress') return { result: 'in_progress', status: 425, message };
      try {
        await handler(message);
      } catch (error) {
        // The handler's error is the news; a claim that cannot be let go of ends with its lease.
        await dedupe.release(message.id, token).catch(() => undefined);
        throw error;
      }
      await dedupe.finish(message.id, keepMs);
      return { result: 'processed', status: 204, message };
    },
  };
}

async function verifyRequest(
  request: ReceivedRequest,
  prepared: Prepared,
): Promise<Verified | Refusal> {
  const { maxBodyBytes, toleranceSeconds } = prepared;
  const bytes = bytesOf(request.body);
  if (bytes.length > maxBodyBytes) {
    return refuse('body_too_large', `The body is larger than ${maxBodyBytes} bytes`);
  }
  const signed = readSigned(headerReader(request.headers), bytes);
  if ('ok' in signed) return signed;

  const now = prepared.now();
  const timestamp = new Date(Number(signed.timestamp) * 1000);
  if (Math.abs(now.getTime() - timestamp.getTime()) > toleranceSeconds * 1000) {
    return refuse(
      'timestamp_out_of_tolerance',
      `webhook-timestamp is more than ${toleranceSeconds} s away from now`,
    );
  }
  // The cheap one first: who does not know the secret cannot make us verify Ed25519 or ask for keys.
  const hmac = prepared.secrets && checkHmac(signed, await prepared.secrets());
  if (hmac && 'ok' in hmac) return hmac;
  const refused =
    prepared.keySet && (await checkAsymmetric(signed, prepared.keySet, { now, toleranceSeconds }));
  if (refused) return refused;

  const content = await readContent(bytes, maxBodyBytes);
  if ('ok' in content) return content;
  return { ok: true, id: signed.id, timestamp, kid: hmac?.kid ?? null, ...content };
}
