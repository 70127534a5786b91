import type { Database } from '../../store/database';
import type { LoggedEvent } from '../../store/logged-events';
import { readEventTexts } from '../../store/read-event-texts';
import type { Evaluate } from '../expression/ports';
import type { Route } from '../route';

/** Tries of an evaluation that its time ran out for: the machine may have been busy. */
const TRIES = 3;

/** Events whose texts are in memory at once. */
const TEXTS = 100;

/**
 * The events that a subscription's rule matches, its condition included. One of which the condition cannot be evaluated
 * does not match.
 *
 * @throws Error when an evaluation does not come to its end.
 */
export async function matchingEvents(
  ports: { db: Database; evaluate: Evaluate },
  route: Pick<Route, 'matches' | 'condition'>,
  events: LoggedEvent[],
): Promise<LoggedEvent[]> {
  const matching = events.filter((event) => route.matches(event));
  const { condition } = route;
  if (condition === null) {
    return matching;
  }
  const held: LoggedEvent[] = [];
  for (let start = 0; start < matching.length; start += TEXTS) {
    const part = matching.slice(start, start + TEXTS);
    const texts = await readEventTexts(
      ports.db,
      part.map(({ id }) => id),
    );
    for (const event of part) {
      const input = texts.get(event.id);
      if (input !== undefined && (await holds(ports.evaluate, condition, input))) {
        held.push(event);
      }
    }
  }
  return held;
}

async function holds(evaluate: Evaluate, source: string, input: string): Promise<boolean> {
  let reason = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const evaluation = await evaluate({ kind: 'condition', source, input });
    if (evaluation.kind !== 'unfinished') {
      return evaluation.kind === 'value' && evaluation.json === 'true';
    }
    ({ reason } = evaluation);
  }
  throw new Error(`The filter condition was not evaluated: ${reason}`);
}
