import { afterEach, expect } from 'vitest';
import { downConvert as convertDown } from '../../../../../server/src/domain/down-convert';
import { compileShape } from '../../../../../server/src/flow/deliver/shape/shape';
import type { ShapeSettings } from '../../../../../server/src/flow/deliver/shape/shape';
import { Shaper } from '../../../../../server/src/flow/deliver/shape/shaper';
import type { ShapedRequest } from '../../../../../server/src/flow/deliver/shape/shaper';
import type {
  DownConvert,
  Unshaped,
} from '../../../../../server/src/flow/deliver/shape/write-event';
import type { Evaluator } from '../../../../../server/src/flow/expression/evaluator';
import type { ExpressionJob } from '../../../../../server/src/flow/expression/ports';
import type { SequencedEvent } from '../../../../../server/src/store/read-event-bodies';
import { makeEvaluator } from '../../../../support/sandbox';

export const PAYLOAD = { name: 'Lee Mason', shows: [{ id: 1 }, { id: 2 }], note: 'ü' };

export const PLAIN: ShapeSettings = {
  body: 'event',
  projection: null,
  transform: null,
  schema_majors: {},
  gzip: false,
};

export const EVERYWHERE = { territories: [], genres: [], content_types: [] };

let lastId = 0;

export function makeEvent(payload: unknown = PAYLOAD, schemaVersion = '2.1.0'): SequencedEvent {
  const id = (lastId += 1);
  const eventId = `event-${id}`;
  // Spaces, as no serialiser of ours writes them: who parses and writes again loses them.
  const body = `{"sequence_number": ${id}, "produced_at": "2026-01-17T14:32:00.041Z", "event_id": "${eventId}",
    "event_type": "content.ready", "schema_version": "${schemaVersion}", "producer_id": "cms",
    "occurred_at": "2026-01-17T14:32:00.000Z", "actor": { "type": "system", "user_id": null },
    "subject": { "type": "api::show.show", "id": "s1", "locale": null, "change_token": "t" },
    "changed": ["name"], "payload": ${JSON.stringify(payload)} }`;
  return {
    id,
    eventId,
    eventType: 'content.ready',
    schemaVersion,
    sequenceNumber: id,
    subjectType: 'api::show.show',
    subjectId: 's1',
    occurredAt: new Date(0),
    scope: null,
    items: null,
    trace: null,
    body,
  };
}

let evaluator: Evaluator | undefined;
afterEach(() => {
  evaluator?.close();
  evaluator = undefined;
});

/** What evaluates expressions in the test that runs; closed behind it. */
export function useEvaluator(own: Evaluator): void {
  evaluator = own;
}

/** A shaper, and what it has had evaluated. */
export function makeShaper(
  downConvert: DownConvert = (event, major) => convertDown(undefined, event, major),
) {
  const jobs: ExpressionJob[] = [];
  let now = Date.parse('2026-01-17T14:32:00Z');
  const shaper = new Shaper({
    evaluate: (job) => {
      jobs.push(job);
      evaluator ??= makeEvaluator({ timeBoxMs: 1_000 });
      return evaluator.evaluate(job);
    },
    downConvert,
    linkTo: (eventId) => `https://cms.example.com/events/${eventId}`,
    clock: { now: () => new Date(now) },
  });
  const request = (event: SequencedEvent, settings: Partial<ShapeSettings> = {}) =>
    shaper.request(event, compileShape({ ...PLAIN, ...settings }, EVERYWHERE));
  return { shaper, jobs, request, passes: (ms: number) => void (now += ms) };
}

export function shaped(made: ShapedRequest | Unshaped): ShapedRequest {
  expect(made).toMatchObject({ kind: 'shaped' });
  return made as ShapedRequest;
}

export const bodyOf = (made: ShapedRequest | Unshaped) =>
  JSON.parse(String(shaped(made).body)) as unknown;
