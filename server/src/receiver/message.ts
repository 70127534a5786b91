import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { EventBody } from '../domain/event';
import { refuse, type Refusal } from './refusal';

/** An event as spec'd by its schema; `event_type` and `schema_version` say what the payload is. */
export interface NewswireEvent<Payload = unknown> extends Omit<EventBody, 'payload'> {
  payload: Payload;
}

/** The body of a verified request. */
export type Content =
  | { kind: 'event'; events: readonly [NewswireEvent]; body: unknown }
  | { kind: 'batch'; batchId: string; events: readonly NewswireEvent[]; body: unknown }
  /** Another body format, or a projection without these fields: see `body`. */
  | { kind: 'other'; events: readonly []; body: unknown };

const unpack = promisify(gunzip);

/**
 * Reads a verified body: JSON, or JSON under gzip, told by its first two bytes, since `Content-Encoding` is not signed.
 * @param maxBytes how large it may be unpacked.
 */
export async function readContent(bytes: Buffer, maxBytes: number): Promise<Content | Refusal> {
  let body: unknown;
  try {
    const plain = isGzip(bytes) ? await unpack(bytes, { maxOutputLength: maxBytes }) : bytes;
    body = JSON.parse(plain.toString('utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return refuse('body_too_large', `The body is larger than ${maxBytes} bytes when unpacked`);
    }
    return refuse('malformed_body', 'The body is neither JSON nor JSON under gzip');
  }
  if (isEvent(body)) return { kind: 'event', events: [body], body };
  if (isBatch(body)) return { kind: 'batch', batchId: body.batch_id, events: body.events, body };
  return { kind: 'other', events: [], body };
}

/** Told by its first two bytes (RFC 1952 §2.3.1), with which no JSON begins. */
export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isBatch(value: unknown): value is { batch_id: string; events: NewswireEvent[] } {
  return (
    isObject(value) &&
    typeof value['batch_id'] === 'string' &&
    Array.isArray(value['events']) &&
    value['events'].every(isEvent)
  );
}

function isEvent(value: unknown): value is NewswireEvent {
  return (
    isObject(value) &&
    typeof value['event_id'] === 'string' &&
    typeof value['event_type'] === 'string' &&
    Number.isSafeInteger(value['sequence_number']) &&
    'payload' in value
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
