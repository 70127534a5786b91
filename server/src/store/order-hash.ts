import { hash } from 'node:crypto';
import { isUnsettledInOrder } from './conditions';
import type { Database } from './database';
import { TABLES } from './tables';

/**
 * The number by which deliveries of one subscription with one order key find each other: 48 bits, an integer for JavaScript
 * and for every database. Two keys that have one number by chance (with a million keys unsettled at once, one pair in 600 such
 * moments) wait for each other, and that is all.
 *
 * Not the key itself, which is 100 characters long: in an index over those every delivery has a page of its own to write, and
 * PostgreSQL compares them by the rules of a language.
 */
export function orderHash(subscriptionId: string, orderKey: string): number {
  return hash('sha1', `${subscriptionId} ${orderKey}`, 'buffer').readUIntBE(0, 6);
}

/**
 * Selects the id of the oldest unsettled delivery with the order hash of one that an outer query calls `of`; itself where it
 * is the oldest, and null where it has none, or nothing is unsettled.
 */
export function oldestInOrder(db: Database, of: string) {
  return db(`${TABLES.deliveries} as older`)
    .whereRaw(isUnsettledInOrder(db, 'older'))
    .whereRaw(`older.order_hash = ${of}.order_hash`)
    .orderBy('older.id')
    .limit(1)
    .select('older.id');
}
