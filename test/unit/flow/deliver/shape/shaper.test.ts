import { gunzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import type { ShapeSettings } from '../../../../../server/src/flow/deliver/shape/shape';
import { makeEvaluator } from '../../../../support/sandbox';
import { bodyOf, makeEvent, makeShaper, PAYLOAD, shaped, useEvaluator } from './shaping';

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
    useEvaluator(makeEvaluator({ timeBoxMs: 50 }));
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
