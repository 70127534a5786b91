/** Whether an offer can be accepted: what it says, what was said of it since, and who holds a licence of the title. */
import type { Breach } from './callback-rules';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What of an offer decides. */
export interface Offer {
  eventType: string;
  exclusive: boolean;
  /** Empty: all of them. */
  territories: readonly string[];
  /** From the first window's beginning to the last one's end; null: open. */
  startsAt: Date | null;
  endsAt: Date | null;
}

/** What a partner wants of an offer. */
export interface Wish {
  partnerId: string;
  offerEventId: string;
  /** In upper case; empty: all that were offered. */
  territories: readonly string[];
  /** As the partner understands the terms; null where it says nothing of it. */
  exclusive: boolean | null;
}

/** A licence of the same title that somebody holds. */
export interface Held {
  partnerId: string;
  offerEventId: string;
  exclusive: boolean;
  territories: readonly string[];
  startsAt: Date | null;
  endsAt: Date | null;
}

/** An event as an offer: whatever its type is, so that the rules can say what is wrong. */
export function offerOf(event: { eventType: string; payload: unknown }): Offer {
  const terms = memberOf(event.payload, 'license_terms');
  const windows = listOf(memberOf(terms, 'windows'));
  const starts = windows.map((window) => instantOf(memberOf(window, 'start_date')));
  const ends = windows.map((window) => endOf(memberOf(window, 'end_date')));
  return {
    eventType: event.eventType,
    exclusive: memberOf(terms, 'exclusive') === true,
    territories: listOf(memberOf(terms, 'territories')).filter(isText).map(upper),
    startsAt: bound(starts, Math.min),
    endsAt: bound(ends, Math.max),
  };
}

/** The territories that a licence is for: those that are wanted, else all that were offered. */
export function licensed(wish: Pick<Wish, 'territories'>, offer: Offer): readonly string[] {
  return wish.territories.length > 0 ? wish.territories : offer.territories;
}

/** The first reason why a licence cannot be had; null where it can. */
export function licenseBreach(input: {
  wish: Wish;
  offer: Offer;
  /** Whether there is something newer of this offer: other terms, or its end. */
  superseded: boolean;
  held: readonly Held[];
  now: Date;
}): Breach | null {
  const { wish, offer } = input;
  if (offer.eventType !== 'license.offer') {
    return breach('not_an_offer', ['in_reply_to'], `This is a ${offer.eventType}, not an offer`);
  }
  if (wish.exclusive !== null && wish.exclusive !== offer.exclusive) {
    const path = ['payload', 'license_terms', 'exclusive'];
    return breach('terms_mismatch', path, `The offer says ${String(offer.exclusive)}`);
  }
  return beyondOffer(wish, offer) ?? notOpen(input) ?? soldAlready(input);
}

function beyondOffer(wish: Wish, offer: Offer): Breach | null {
  const beyond =
    offer.territories.length === 0
      ? []
      : wish.territories.filter((territory) => !offer.territories.includes(territory));
  return beyond.length === 0
    ? null
    : breach(
        'territory_not_offered',
        ['payload', 'territories'],
        `Not offered for ${beyond.join(', ')}; offered for ${offer.territories.join(', ')}`,
      );
}

function notOpen({
  wish,
  offer,
  superseded,
  held,
  now,
}: Parameters<typeof licenseBreach>[0]): Breach | null {
  const own = held.some(
    ({ partnerId, offerEventId }) =>
      partnerId === wish.partnerId && offerEventId === wish.offerEventId,
  );
  if (own) {
    return breach(
      'offer_already_accepted',
      ['in_reply_to'],
      'You have accepted this offer already',
    );
  }
  if (offer.endsAt !== null && offer.endsAt <= now) {
    const message = `The last window of this offer ended at ${offer.endsAt.toISOString()}`;
    return breach('offer_expired', ['in_reply_to'], message);
  }
  return superseded
    ? breach(
        'offer_superseded',
        ['in_reply_to'],
        'This offer was revised or taken back since; answer the newest event of it',
      )
    : null;
}

function soldAlready({ wish, offer, held }: Parameters<typeof licenseBreach>[0]): Breach | null {
  const wanted = { ...offer, territories: licensed(wish, offer) };
  const inTheWay = held.filter(
    (one) => one.partnerId !== wish.partnerId && overlap(one, wanted) && inTime(one, wanted),
  );
  // Who holds it is nobody's business.
  if (inTheWay.some(({ exclusive }) => exclusive)) {
    const message = 'This title is licensed exclusively to somebody else there';
    return breach('already_sold_exclusively', ['in_reply_to'], message);
  }
  return offer.exclusive && inTheWay.length > 0
    ? breach(
        'already_licensed',
        ['in_reply_to'],
        'Somebody else holds a licence of this title there, so it cannot be had exclusively',
      )
    : null;
}

type Territories = Pick<Held, 'territories'>;
type Period = Pick<Held, 'startsAt' | 'endsAt'>;

function overlap(a: Territories, b: Territories): boolean {
  return (
    a.territories.length === 0 ||
    b.territories.length === 0 ||
    a.territories.some((territory) => b.territories.includes(territory))
  );
}

function inTime(a: Period, b: Period): boolean {
  return startsBeforeEnd(a, b) && startsBeforeEnd(b, a);
}

function startsBeforeEnd({ startsAt }: Period, { endsAt }: Period): boolean {
  return startsAt === null || endsAt === null || startsAt < endsAt;
}

function breach(code: Breach['code'], path: string[], message: string): Breach {
  return { code, path, message };
}

/** The outermost of some instants; null where there are none, or one is open. */
function bound(instants: (Date | null)[], outermost: (...values: number[]) => number): Date | null {
  const known = instants.flatMap((instant) => (instant ? [instant.getTime()] : []));
  return known.length === 0 || known.length < instants.length
    ? null
    : new Date(outermost(...known));
}

/** A last day counts to its end, at midnight UTC. */
function endOf(value: unknown): Date | null {
  const instant = instantOf(value);
  return instant !== null && isText(value) && DAY.test(value)
    ? new Date(instant.getTime() + DAY_MS)
    : instant;
}

/** A day without a time begins at midnight UTC. */
function instantOf(value: unknown): Date | null {
  const instant = isText(value) ? new Date(value) : null;
  return instant === null || Number.isNaN(instant.getTime()) ? null : instant;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function upper(text: string): string {
  return text.trim().toUpperCase();
}
