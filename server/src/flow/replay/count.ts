import type { ReadPorts, ReplayRule } from './ports';
import { selectFrom } from './select';
import type { ReplayScope } from './select';

/** Rows looked at in one go: some milliseconds' work, so that others get their turn on SQLite. */
const WINDOW = 2_000;

/**
 * Counts what a replay would take, exactly, a window of the log at a time.
 *
 * @param input.inTime asked after each window; false ends the count.
 * @returns null when it was ended early.
 */
export async function countReplay(
  ports: ReadPorts,
  input: { scope: ReplayScope; rule: ReplayRule; after: number; inTime: () => boolean },
): Promise<number | null> {
  const { scope, rule } = input;
  let matched = 0;
  let position = input.after;
  while (position < scope.upTo) {
    const found = await selectFrom(ports, { scope, rule, position, window: WINDOW });
    matched += found.units.length;
    position = found.position;
    if (position < scope.upTo && !input.inTime()) {
      return null;
    }
  }
  return matched;
}
