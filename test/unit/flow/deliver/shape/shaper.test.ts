import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, test } from 'vitest';
import { downConvert as convertDown } from '../../../../../server/src/domain/down-convert';
import { compilePartnerRule } from '../../../../../server/src/domain/partner-rule';
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

const PAYLOAD = { name: 'Lee Mason', shows: [{ id: 1 }, { id: 2 }], note: 'ü' };

const PLAIN: ShapeSettings = {
  body: 'event',
  projection: null,
  transform: null,
  schema_majors: {},
  gzip: false,
};

const EVERYWHERE = { territories: [], genres: [], content_types: [] };

let lastId = 0;

function makeEvent(payload: unknown = PAYLOAD, schemaVersion = '2.1.0'): SequencedEvent {
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

/** A shaper, and what it has had evaluated. */
function makeShaper(
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

function shaped(made: ShapedRequest | Unshaped): ShapedRequest {
  expect(made).toMatchObject({ kind: 'shaped' });
  return made as ShapedRequest;
}

const bodyOf = (made: ShapedRequest | Unshaped) => JSON.parse(String(shaped(made).body)) as unknown;

/** A partner in GB, and what the catalogue says of the events here. */
function partnerRule(clearance: 'public' | 'partner' | 'internal') {
  const rights = { clearance, territories: ['GB'], genres: [], content_types: [] };
  return compilePartnerRule({ id: 'fjord', rights, pseudonymKey: Buffer.alloc(32, 1) }, (type) =>
    type === 'content.ready' ? { audience: 'public', personal: ['name'] } : undefined,
  );
}

describe("a partner's shape", () => {
  const toPartner = (
    event: SequencedEvent,
    clearance: 'public' | 'partner' | 'internal',
    settings: Partial<ShapeSettings> = {},
  ) =>
    makeShaper().shaper.request(
      event,
      compileShape({ ...PLAIN, ...settings }, EVERYWHERE, partnerRule(clearance)),
    );
  const { name: _, ...nameless } = PAYLOAD;

  it('shows personal data as its clearance allows, in every form', async () => {
    const event = makeEvent();
    expect(bodyOf(await toPartner(event, 'public'))).toMatchObject({ payload: nameless });
    expect(String(shaped(await toPartner(event, 'public')).body)).not.toContain('Lee Mason');
    expect(bodyOf(await toPartner(event, 'partner'))).toMatchObject({
      payload: { ...PAYLOAD, name: expect.stringMatching(/^pn_/) },
    });
    expect(shaped(await toPartner(event, 'internal')).body).toBe(event.body);
    const transform = "payload.name ? payload.name : 'nobody'";
    expect(bodyOf(await toPartner(event, 'public', { transform }))).toBe('nobody');
    const standard = bodyOf(await toPartner(event, 'public', { body: 'standard' }));
    expect(standard).toMatchObject({ data: nameless });
    const projection = ['$.payload.name', '$.event_id'];
    expect(bodyOf(await toPartner(event, 'public', { projection }))).toEqual({
      event_id: event.eventId,
    });
  });

  it('sends nothing that the partner may not have (any more)', async () => {
    const elsewhere = { territories: ['DE'], genres: null, content_types: null };
    for (const event of [
      { ...makeEvent(), scope: elsewhere },
      { ...makeEvent(), eventType: 'content.gone' },
      { ...makeEvent(), items: { list: 'shows', scopes: [elsewhere, elsewhere] } },
    ]) {
      expect(await toPartner(event, 'internal')).toMatchObject({
        kind: 'permanent',
        errorCode: 'not_for_partner',
      });
    }
  });

  it('has those items alone that both the partner may have and the subscription wants', async () => {
    const scopeOf = (territory: string) => ({
      territories: [territory],
      genres: null,
      content_types: null,
    });
    const items = { list: 'shows', scopes: [scopeOf('DE'), scopeOf('GB')] };
    const made = await toPartner({ ...makeEvent(), items }, 'internal');
    expect(bodyOf(made)).toMatchObject({ payload: { shows: [{ id: 2 }] } });
  });
});

describe('a shape', () => {
  it('that asks for nothing sends the very bytes of the event, and looks at none of them', async () => {
    const event = { ...makeEvent(), body: 'not even JSON' };
    expect(await makeShaper().request(event)).toEqual({
      kind: 'shaped',
      schemaVersion: '2.1.0',
      body: 'not even JSON',
      headers: { 'Content-Type': 'application/json' },
      plain: null,
      kept: null,
    });
  });

  it('with a body format sends the event in it, and keeps for the log what was sent', async () => {
    const event = makeEvent();
    const made = shaped(await makeShaper().request(event, { body: 'standard' }));
    expect(JSON.parse(String(made.body))).toEqual({
      type: 'content.ready',
      timestamp: '2026-01-17T14:32:00.000Z',
      data: PAYLOAD,
    });
    expect(made.kept).toBe(made.body);
  });

  it('tells of CloudEvents in the content type, also of compressed ones', async () => {
    const { request } = makeShaper();
    const event = makeEvent();
    const cloud = shaped(await request(event, { body: 'cloudevents' }));
    expect(cloud.headers).toEqual({ 'Content-Type': 'application/cloudevents+json' });
    const compressed = shaped(await request(event, { body: 'cloudevents', gzip: true }));
    expect(compressed.headers).toEqual({
      'Content-Type': 'application/cloudevents+json',
      'Content-Encoding': 'gzip',
    });
    expect(gunzipSync(compressed.body).toString()).toBe(cloud.body);
    expect(compressed.plain).toBe(cloud.body);
    expect(compressed.kept).toBe(cloud.body);
  });

  it('that asks for compression alone sends the bytes of the event compressed, and keeps none', async () => {
    const event = makeEvent();
    const made = shaped(await makeShaper().request(event, { gzip: true }));
    expect(gunzipSync(made.body).toString()).toBe(event.body);
    expect(made).toMatchObject({ plain: event.body, kept: null });
  });

  it('gives the link to the event in a thin body', async () => {
    const event = makeEvent();
    expect(bodyOf(await makeShaper().request(event, { body: 'thin' }))).toMatchObject({
      event_id: event.eventId,
      link: `https://cms.example.com/events/${event.eventId}`,
    });
  });

  test.each<[string, Partial<ShapeSettings>, unknown]>([
    ['the event', { projection: ['$.payload.name'] }, { payload: { name: 'Lee Mason' } }],
    [
      'the body format',
      { body: 'standard', projection: ['$.data.shows[*].id'] },
      { data: { shows: [{ id: 1 }, { id: 2 }] } },
    ],
    [
      'by a filter',
      { projection: ['$.payload.shows[?@.id > 1]'] },
      { payload: { shows: [{ id: 2 }] } },
    ],
    ['nothing, when nothing is named', { projection: ['$.nowhere'] }, {}],
  ])('projects %s', async (_, settings, expected) => {
    expect(bodyOf(await makeShaper().request(makeEvent(), settings))).toEqual(expected);
  });

  it('has names and wildcards looked up here, filters and descendants in the sandbox', async () => {
    const { request, jobs } = makeShaper();
    await request(makeEvent(), { projection: ['$.payload.*'] });
    expect(jobs).toEqual([]);
    await request(makeEvent(), { projection: ['$..id'] });
    expect(jobs).toMatchObject([{ kind: 'locate', source: '["$..id"]' }]);
  });

  it('transforms what was projected, of the body format', async () => {
    const made = await makeShaper().request(makeEvent(), {
      body: 'standard',
      projection: ['$.data.name'],
      transform: '{ "text": data.name & " is ready", "shows": $count(data.shows) }',
    });
    expect(bodyOf(made)).toEqual({ text: 'Lee Mason is ready', shows: 0 });
  });

  it('restricts nothing by an empty list of paths', async () => {
    const event = makeEvent();
    expect(shaped(await makeShaper().request(event, { projection: [] })).body).toBe(event.body);
  });

  test.each<[string, Partial<ShapeSettings>, RegExp]>([
    [
      'a transform that throws',
      { transform: 'payload.name + 1' },
      /^The transform failed: The left side of the "\+" operator .*; nothing was sent$/,
    ],
    [
      'a transform that gives nothing',
      { transform: 'payload.missing' },
      /^The transform failed: it gives nothing for this event; nothing was sent$/,
    ],
    [
      'a projection of a document that is too deep',
      { projection: ['$..name'] },
      /^The projection failed: .*recursion.*; nothing was sent$/,
    ],
  ])('that fails on an event is permanent: %s', async (what, settings, reason) => {
    let deep: unknown = 1;
    for (let level = 0; level < 500; level += 1) deep = { deep };
    const event = makeEvent(what.includes('deep') ? deep : PAYLOAD);
    expect(await makeShaper().request(event, settings)).toEqual({
      kind: 'permanent',
      errorCode: 'transform_failed',
      reason: expect.stringMatching(reason) as unknown,
    });
  });

  it('that runs out of time is transient: a busy machine may do it later', async () => {
    evaluator = makeEvaluator({ timeBoxMs: 50 });
    const { request } = makeShaper();
    const event = makeEvent();
    const loop = '($f := function($x) { $f($x + 1) }; $f(1))';
    expect(await request(event, { transform: loop })).toEqual({
      kind: 'transient',
      errorCode: 'transform_unfinished',
      reason: 'The transform failed: it did not end within 50 ms; nothing was sent',
    });
  });

  it('keeps of a large body no more than the beginning', async () => {
    const event = makeEvent({ text: 'x'.repeat(100_000) });
    const made = shaped(await makeShaper().request(event, { body: 'standard' }));
    expect(made.kept).toHaveLength(
      65_536 + `… [cut: the body had ${made.body.length} characters]`.length,
    );
    expect(made.kept?.endsWith(`… [cut: the body had ${made.body.length} characters]`)).toBe(true);
  });
});

describe('a pinned schema version', () => {
  const pinned = (major: number) => ({ schema_majors: { 'content.ready': major } });

  it('that is the event’s own changes nothing', async () => {
    const event = makeEvent();
    expect(await makeShaper().request(event, pinned(2))).toMatchObject({
      body: event.body,
      kept: null,
    });
  });

  it('that is older has the event written in it, before anything else is done with it', async () => {
    const { request } = makeShaper((event, major) => ({
      kind: 'converted',
      event: { ...event, schema_version: `${major}.0.0`, payload: { title: 'as it was' } },
    }));
    const made = await request(makeEvent(), { ...pinned(1), projection: ['$.payload'] });
    expect(made).toMatchObject({ schemaVersion: '1.0.0' });
    expect(bodyOf(made)).toEqual({ payload: { title: 'as it was' } });
  });

  it('that nothing converts to is permanent, and says what to do', async () => {
    const unavailable = { kind: 'permanent', errorCode: 'schema_major_unavailable' };
    const { request } = makeShaper();
    expect(await request(makeEvent(), pinned(1))).toMatchObject({
      ...unavailable,
      reason: expect.stringMatching(/pin major 2 or remove the pin, then retry/) as unknown,
    });
    expect(await request(makeEvent(), pinned(3))).toMatchObject(unavailable);
  });

  it('that another process knows how to make is tried again', async () => {
    const reason = 'recorded by a newer version of the application';
    const { request } = makeShaper(() => ({ kind: 'unavailable', reason, later: true }));
    expect(await request(makeEvent(), pinned(1))).toEqual({
      kind: 'transient',
      errorCode: 'schema_not_known_yet',
      reason,
    });
  });
});

describe('an event that goes to many subscriptions', () => {
  const settings = { body: 'standard', transform: '{ "n": data.name }', gzip: true } as const;

  it('is shaped and compressed once for all that have the same shape', async () => {
    const { request, jobs } = makeShaper();
    const event = makeEvent();
    const made = await Promise.all(Array.from({ length: 50 }, () => request(event, settings)));
    expect(jobs).toHaveLength(1);
    expect(new Set(made.map((one) => shaped(one).body)).size).toBe(1);

    await request(event, { ...settings, gzip: false });
    await request(event, { ...settings, transform: '{ "m": data.name }' });
    await request(makeEvent(), settings);
    expect(jobs).toHaveLength(4);
  });

  it('is shaped again a minute later, so that what was erased meanwhile stays erased', async () => {
    const { request, jobs, passes } = makeShaper();
    const event = makeEvent();
    await request(event, settings);
    passes(60_000);
    await request(event, settings);
    expect(jobs).toHaveLength(2);
  });

  it('is tried again at once where it could not be shaped', async () => {
    const { request, jobs } = makeShaper();
    const event = makeEvent();
    await request(event, { transform: 'missing' });
    await request(event, { transform: 'missing' });
    expect(jobs).toHaveLength(2);
  });
});
