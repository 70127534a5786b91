import type { Database } from '../../store/database';
import type { LoggedEvent } from '../../store/logged-events';
import { readEventTexts } from '../../store/read-event-texts';
import type { Evaluate } from '../expression/ports';
import type { Route } from '../route';
import type { ReplayRule } from './ports';

/**
 * A subscription's rule for events that have their numbers already. An event on which the filter condition fails, or runs
 * out of time, is not replayed: nobody can say that it is wanted.
 */
export function replayRule(
  route: Route,
  ports: { db: Database; open: boolean; evaluate: Evaluate },
): ReplayRule {
  const { open, ...rest } = ports;
  return {
    open,
    matching: (events) =>
      meeting(
        route.condition,
        events.filter((event) => route.matches(event)),
        rest,
      ),
    orderKey: (event) => route.orderKey(event),
    batch: route.batch,
  };
}

async function meeting(
  condition: string | null,
  events: LoggedEvent[],
  { db, evaluate }: { db: Database; evaluate: Evaluate },
): Promise<LoggedEvent[]> {
  if (condition === null || events.length === 0) {
    return events;
  }
  const texts = await readEventTexts(
    db,
    events.map(({ id }) => id),
  );
  const met: LoggedEvent[] = [];
  for (const event of events) {
    const input = texts.get(event.id);
    if (input === undefined) continue;
    const evaluation = await evaluate({ kind: 'condition', source: condition, input });
    if (evaluation.kind === 'value' && evaluation.json === 'true') met.push(event);
  }
  return met;
}
