import { createHmac, createSecretKey } from 'node:crypto';
import { Pool } from 'undici';
import { SECRET } from './body.mjs';

/** More sockets to one fast receiver bring nothing on two cores. */
const CONNECTIONS = 64;

const textKey = createSecretKey(Buffer.from(SECRET));
const decodedKey = createSecretKey(Buffer.from(SECRET.slice('whsec_'.length), 'base64'));

/**
 * Posts events as Newswire does: the same headers, both signatures, by undici's Pool at its lowest level.
 *
 * @param {string} url
 */
export function signedPost(url) {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });

  /** @returns {Promise<number>} the answer's status. */
  const post = (event, body = JSON.stringify(event)) =>
    new Promise((resolve, reject) => {
      let status = 0;
      pool.dispatch(
        { path: pathname, method: 'POST', headers: headersOf(event, body), body },
        {
          onRequestStart() {},
          onResponseStart: (_controller, code) => (status = code),
          onResponseData() {},
          onResponseEnd: () => resolve(status),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  return { post, close: () => pool.close() };
}

function headersOf(event, body) {
  const id = event.event_id;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const standard = createHmac('sha256', decodedKey).update(`${id}.${timestamp}.`).update(body);
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Newswire/bench',
    'X-Event-Type': event.event_type,
    'X-Schema-Version': event.schema_version,
    'X-Idempotency-Key': id,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${standard.digest('base64')}`,
    'X-Signature': `sha256=${createHmac('sha256', textKey).update(body).digest('hex')}`,
    'X-Signature-KID': 'key_bench',
    'X-Subscription-Id': '00000000-0000-4000-8000-000000000000',
    'X-Delivery-Id': id,
    'X-Delivery-Attempt': '1',
    'X-Delivery-Backlog': '1',
  };
}

/** Runs `work` over a list with so many at a time, as a stream: whoever is done takes the next. */
export async function inParallel(list, concurrency, work) {
  let next = 0;
  const worker = async () => {
    while (next < list.length) await work(list[next++]);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
