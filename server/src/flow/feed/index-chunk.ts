/**
 * The index over what each view shows. It makes reading quick and decides nothing: what is beyond it is looked at by the same
 * rule. All processes may work on one view; it is moved on by who comes first, and who comes second has done nothing.
 */
import type { Database, RunInTransaction } from '../../store/database';
import { advanceFeedView } from '../../store/feed-views';
import { insertFeedItems } from '../../store/feed-items';
import { keepFeedRecords } from '../../store/feed-records';
import { readEventTexts } from '../../store/read-event-texts';
import { readReleasedAfter } from '../../store/released-events';
import type { ReleasedEvent } from '../../store/released-events';
import type { Evaluate } from '../expression/ports';
import { shows } from './view';
import type { View } from './view';

/** Rows of the log looked at in one step. */
const INDEX_CHUNK = 1_000;

/** Events of which a condition is evaluated in one step, and tries of an evaluation that its time ran out for. */
const EVALUATED = 100;
const TRIES = 3;

export interface IndexPorts {
  db: () => Database;
  transaction: RunInTransaction;
  evaluate: Evaluate;
}

/** What a step came to. */
export interface Indexed {
  /** The view's place after it, as far as this process knows; the same as before where another one was quicker. */
  to: number;
  lost: boolean;
  /** Why the condition could not be evaluated for an event, if it could not. */
  problem: string | null;
  /** True where an evaluation has to be tried again before the view can move on. */
  stuck: boolean;
}

/** Reads the next part of the log for views that are at the same place. */
export async function readChunk(
  db: Database,
  { after, upTo }: { after: number; upTo: number },
): Promise<{ events: ReleasedEvent[]; to: number }> {
  const events = await readReleasedAfter(db, { after, upTo, limit: INDEX_CHUNK });
  return {
    events,
    to: events.length < INDEX_CHUNK ? upTo : (events.at(-1)?.releaseNumber ?? upTo),
  };
}

/** Puts what a view shows of a chunk into its index. */
export async function indexChunk(
  ports: IndexPorts,
  view: View,
  chunk: { events: readonly ReleasedEvent[]; to: number },
): Promise<Indexed> {
  const { id, indexedUntil: from, rule } = view;
  const matching = chunk.events.filter((event) => shows(rule, event));
  const decided =
    rule.condition === null
      ? { held: matching, to: chunk.to, problem: null, stuck: false }
      : await decide(ports, rule.condition, { matching, to: chunk.to });
  const { held, to, problem, stuck } = decided;
  if (to <= from) return { to: from, lost: false, problem, stuck };
  const won = await ports.transaction(async (trx) => {
    if (!(await advanceFeedView(trx, { id, from, to }))) return false;
    await insertFeedItems(trx, id, held);
    await keepFeedRecords(trx, id, held.filter(tellsState));
    return true;
  });
  return { to: won ? to : from, lost: !won, problem, stuck };
}

/** What a partner has told of a subject is not how the subject stands. */
function tellsState({ scope }: ReleasedEvent): boolean {
  return scope?.partner === undefined;
}

interface Decided {
  held: ReleasedEvent[];
  to: number;
  problem: string | null;
  stuck: boolean;
}

/** Those of which the condition holds, as far as it could be evaluated. Outside of any transaction. */
async function decide(
  ports: IndexPorts,
  source: string,
  { matching, to }: { matching: ReleasedEvent[]; to: number },
): Promise<Decided> {
  const now = matching.slice(0, EVALUATED);
  const texts = await readEventTexts(
    ports.db(),
    now.map(({ id }) => id),
  );
  const held: ReleasedEvent[] = [];
  let problem: string | null = null;
  for (const event of now) {
    const input = texts.get(event.id);
    if (input === undefined) continue;
    const evaluation = await evaluated(ports.evaluate, source, input);
    if (evaluation.kind === 'unfinished') {
      const reason = `The condition was not evaluated for event ${event.eventId}, and the feed waits there: ${evaluation.reason}`;
      return { held, to: event.releaseNumber - 1, problem: reason, stuck: true };
    }
    if (evaluation.kind === 'refused') {
      problem = `Event ${event.eventId} was left out, because the condition failed: ${evaluation.reason}`;
    } else if (evaluation.json === 'true') {
      held.push(event);
    }
  }
  const next = matching[EVALUATED];
  return { held, to: next ? next.releaseNumber - 1 : to, problem, stuck: false };
}

async function evaluated(evaluate: Evaluate, source: string, input: string) {
  let evaluation = await evaluate({ kind: 'condition', source, input });
  for (let tries = 1; tries < TRIES && evaluation.kind === 'unfinished'; tries += 1) {
    evaluation = await evaluate({ kind: 'condition', source, input });
  }
  return evaluation;
}
