const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MILLISECONDS = 86_400_000;

/** ISO 8601 date and time; the zone may be missing. The fraction is bounded, as everything that is matched here. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Whether a last day counts: with `inclusive` what ends on 2029-01-31 is over at midnight UTC after that day, with
 * `exclusive` at midnight before it. A date with a time ends at that time either way.
 */
export type EndDate = 'inclusive' | 'exclusive';

/** True for a date without a time of day: `2026-02-01`. */
function isDay(value: unknown): boolean {
  return typeof value === 'string' && DAY.test(value);
}

/**
 * The instant that a date names: a `Date`, or ISO 8601 text. A day without time begins at midnight UTC, and a time without a
 * zone is in UTC, whatever the zone of the machine. Null for everything else, 30 February included.
 */
export function instantOf(value: unknown): Date | null {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? null : value;
  }
  if (typeof value !== 'string') return null;
  const [, day = value, zone] = MOMENT.exec(value) ?? [];
  if (!isRealDay(day)) return null;
  const instant = new Date(isDay(value) || zone !== undefined ? value : `${value}Z`);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** The instant at which that which ends on a date is over; null where it is no date. */
export function endInstantOf(value: unknown, endDate: EndDate = 'inclusive'): Date | null {
  const instant = instantOf(value);
  return instant !== null && isDay(value) && endDate === 'inclusive'
    ? new Date(instant.getTime() + DAY_MILLISECONDS)
    : instant;
}

/** `Date` takes 30 February for 2 March. */
function isRealDay(day: string): boolean {
  if (!isDay(day)) return false;
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
