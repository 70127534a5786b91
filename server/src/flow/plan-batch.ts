import type { UnsequencedEvent } from '../store/sequence-events';
import { routeEvent } from './route';
import type { Route, Routed } from './route';
import type { Question, Verdict } from './verdicts';

/** An event that can be numbered, and to whom it is owed. */
export interface Planned {
  event: UnsequencedEvent;
  owed: Owed[];
  /** What was asked about it. */
  answered: Question[];
}

export interface Owed {
  routed: Routed;
  /** Why it cannot be known whether the subscription wants the event; null where it does. */
  failure: string | null;
}

export interface BatchPlan {
  planned: Planned[];
  /** Conditions that have to be evaluated before more can be planned. */
  questions: Question[];
}

type VerdictOf = (question: Question) => Verdict | { kind: 'unknown' | 'pending' };

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
  verdictOf: VerdictOf,
): BatchPlan {
  const planned: Planned[] = [];
  const questions: Question[] = [];
  const heldSubjects = new Set<string>();
  let ended = false;

  for (const event of events) {
    const subject = `${event.subjectType}:${event.subjectId}`;
    const judged = routeEvent(event, routes).map((routed) => judge(event, routed, verdictOf));
    const unknown = judged.filter(({ verdict }) => verdict.kind === 'unknown');
    questions.push(...unknown.flatMap(({ question }) => question));
    if (judged.some(({ verdict }) => verdict.kind === 'pending')) heldSubjects.add(subject);
    if (heldSubjects.has(subject)) continue;
    ended ||= unknown.length > 0;
    if (ended) continue;
    const answered = judged.flatMap(({ question }) => question);
    planned.push({ event, owed: judged.flatMap(owedBy), answered });
  }
  return { planned, questions };
}

interface Judged {
  routed: Routed;
  /** None where there is no condition. */
  question: Question[];
  verdict: ReturnType<VerdictOf>;
}

function judge(event: UnsequencedEvent, routed: Routed, verdictOf: VerdictOf): Judged {
  const { condition } = routed.route;
  if (condition === null) return { routed, question: [], verdict: { kind: 'yes' } };
  const question = { eventRef: event.id, condition };
  return { routed, question: [question], verdict: verdictOf(question) };
}

function owedBy({ routed, verdict }: Judged): Owed[] {
  if (verdict.kind === 'failed') {
    return [{ routed, failure: `The filter condition failed: ${verdict.reason}` }];
  }
  return verdict.kind === 'yes' ? [{ routed, failure: null }] : [];
}
