/** The day on which the schedule in this folder was written: what is "next month" there is so from here. */
const WRITTEN_ON = Date.UTC(2026, 0, 15);

const WEEK = 7 * 24 * 3600 * 1000;

const DATE = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/;

/**
 * The same values with every date moved by as many weeks as have passed since they were written, so that
 * the demo's schedule and rights lie ahead whenever it is started. Weekdays stay.
 */
export function upToDate<T>(values: T, now: Date): T {
  const shift = Math.floor((now.getTime() - WRITTEN_ON) / WEEK) * WEEK;
  return moved(values, shift) as T;
}

function moved(value: unknown, shift: number): unknown {
  if (typeof value === 'string') {
    return DATE.test(value) ? movedDate(value, shift) : value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => moved(item, shift));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, moved(field, shift)]),
    );
  }
  return value;
}

function movedDate(date: string, shift: number): string {
  const iso = new Date(Date.parse(date) + shift).toISOString();
  return date.includes('T') ? iso : iso.slice(0, 10);
}
