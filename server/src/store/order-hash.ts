import { hash } from 'node:crypto';

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
