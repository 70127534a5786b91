import { createHmac, timingSafeEqual } from 'node:crypto';

declare const cursor: unique symbol;

/** A reader's place in a feed, as text. Opaque to the reader; safe to store, and to put into an address. */
export type Cursor = string & { [cursor]: true };

/** What a cursor says. */
export interface CursorPlace {
  /** Release number: everything up to it was read, or was nothing for this reader. */
  position: number;
  /** Release number of the last event that was read; 0 before the first. */
  last: number;
}

/** So that another form can be told from this one, and be read beside it. */
const VERSION = 1;

const NUMBER_BYTES = 6;
const PLACE_BYTES = 1 + 2 * NUMBER_BYTES;

/** HMAC-SHA256 cut to its first 128 bits (RFC 2104 §5): forging one takes 2^128 tries over HTTP. */
const MAC_BYTES = 16;

/** What the key is used for, so that no text of another use is ever a cursor. */
const PURPOSE = 'newswire feed cursor\0';

/**
 * Writes a cursor: a version, two numbers and a code of authentication, base64url.
 *
 * @param key the feed's own, so that a cursor of another feed is a forged one.
 */
export function writeCursor({ position, last }: CursorPlace, key: Buffer): Cursor {
  const place = Buffer.alloc(PLACE_BYTES);
  place.writeUInt8(VERSION, 0);
  place.writeUIntBE(position, 1, NUMBER_BYTES);
  place.writeUIntBE(last, 1 + NUMBER_BYTES, NUMBER_BYTES);
  return Buffer.concat([place, codeOf(place, key)]).toString('base64url') as Cursor;
}

/** What a cursor says; null where it was not written under this key, or is in another form. */
export function readCursor(text: string, key: Buffer): CursorPlace | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== PLACE_BYTES + MAC_BYTES) return null;
  // Node reads past what is no base64url; a cursor has one form only.
  if (bytes.toString('base64url') !== text) return null;
  const place = bytes.subarray(0, PLACE_BYTES);
  if (!timingSafeEqual(bytes.subarray(PLACE_BYTES), codeOf(place, key))) return null;
  if (place.readUInt8(0) !== VERSION) return null;
  return {
    position: place.readUIntBE(1, NUMBER_BYTES),
    last: place.readUIntBE(1 + NUMBER_BYTES, NUMBER_BYTES),
  };
}

function codeOf(place: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key).update(PURPOSE).update(place).digest().subarray(0, MAC_BYTES);
}
