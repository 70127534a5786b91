import type { Breach } from './callback-rules';

/** Reports of one day count together. */
export interface Counted {
  contentId: string;
  /** `2026-01-17`, UTC. */
  day: string;
  count: number;
}

/** One report of plays or impressions, as its schema has it. */
interface Report {
  content_id: string;
  count?: number | null;
  played_at?: string | null;
  shown_at?: string | null;
}

/** How far a partner's clock may be ahead of ours. */
const CLOCK_TOLERANCE_MS = 3_600_000;

/** The reports of a callback: its payload itself, or those under `items`. */
export function reportsOf(payload: unknown): Report[] {
  const { items } = payload as { items?: Report[] };
  return items ?? [payload as Report];
}

/** What a callback adds to the counts, by title and day, each once. */
export function countsOf(payload: unknown, now: Date): Counted[] {
  const counts = new Map<string, Counted>();
  for (const report of reportsOf(payload)) {
    const day = (timeOf(report) ?? now).toISOString().slice(0, 'yyyy-mm-dd'.length);
    const key = JSON.stringify([report.content_id, day]);
    const known = counts.get(key)?.count ?? 0;
    counts.set(key, { contentId: report.content_id, day, count: known + (report.count ?? 1) });
  }
  return [...counts.values()];
}

/** A report of what is still to come is none. */
export function futureBreach(payload: unknown, now: Date): Breach | null {
  const batch = (payload as { items?: unknown }).items !== undefined;
  const limit = now.getTime() + CLOCK_TOLERANCE_MS;
  const index = reportsOf(payload).findIndex((report) => (timeOf(report)?.getTime() ?? 0) > limit);
  if (index === -1) return null;
  const path = batch ? ['payload', 'items', String(index)] : ['payload'];
  return { code: 'time_in_future', path, message: 'This time is still to come' };
}

function timeOf({ played_at, shown_at }: Report): Date | null {
  const given = played_at ?? shown_at;
  return given ? new Date(given) : null;
}
