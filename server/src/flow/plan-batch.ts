import type { UnsequencedEvent } from '../store/sequence-events';
import { matchEvent } from './route';
import type { Match, Route } from './route';
import type { Question, Verdict } from './verdicts';

/** An event that can be numbered, and to whom it is owed. */
export interface Planned {
  event: UnsequencedEvent;
  owed: Owed[];
}

export interface Owed {
  subscriptionId: string;
  orderKey: string | null;
  /** Why it cannot be known whether the subscription wants the event; null where it does. */
  failure: string | null;
}

export interface BatchPlan {
  planned: Planned[];
  /** Conditions that have to be evaluated before more can be planned. */
  questions: Question[];
}

/**
 * Which of the events can be numbered now, in their order.
 *
 * An event with a condition that was never evaluated ends the plan, so that numbers go in the order of capture; what
 * else has to be asked of the events behind it is told too. An event whose condition is still being evaluated, because it
 * is slow, is left for later together with the others about its subject, and holds up nothing else.
 */
export function planBatch(
  events: readonly UnsequencedEvent[],
  routes: readonly Route[],
  verdictOf: (question: Question) => Verdict | { kind: 'unknown' | 'pending' },
): BatchPlan {
  const planned: Planned[] = [];
  const questions: Question[] = [];
  const heldSubjects = new Set<string>();
  let ended = false;

  for (const event of events) {
    const subject = `${event.subjectType}:${event.subjectId}`;
    const matches = matchEvent(event, routes);
    const judged = matches.map((match) => ({ match, verdict: judge(event, match, verdictOf) }));
    const unknown = judged.filter(({ verdict }) => verdict.kind === 'unknown');
    questions.push(...unknown.flatMap(({ match }) => questionOf(event, match)));
    if (judged.some(({ verdict }) => verdict.kind === 'pending')) heldSubjects.add(subject);
    if (heldSubjects.has(subject)) continue;
    ended ||= unknown.length > 0;
    if (!ended) planned.push({ event, owed: judged.flatMap(owedBy) });
  }
  return { planned, questions };
}

/** What was asked of an event. */
export function questionsOf(event: UnsequencedEvent, routes: readonly Route[]): Question[] {
  return matchEvent(event, routes).flatMap((match) => questionOf(event, match));
}

function judge(
  event: UnsequencedEvent,
  match: Match,
  verdictOf: (question: Question) => Verdict | { kind: 'unknown' | 'pending' },
): Verdict | { kind: 'unknown' | 'pending' } {
  return match.condition === null
    ? { kind: 'yes' }
    : verdictOf({ eventRef: event.id, condition: match.condition });
}

function questionOf(event: UnsequencedEvent, { condition }: Match): Question[] {
  return condition === null ? [] : [{ eventRef: event.id, condition }];
}

function owedBy({
  match: { subscriptionId, orderKey },
  verdict,
}: {
  match: Match;
  verdict: Verdict | { kind: 'unknown' | 'pending' };
}): Owed[] {
  if (verdict.kind === 'failed') {
    const failure = `The filter condition failed: ${verdict.reason}`;
    return [{ subscriptionId, orderKey, failure }];
  }
  return verdict.kind === 'yes' ? [{ subscriptionId, orderKey, failure: null }] : [];
}
