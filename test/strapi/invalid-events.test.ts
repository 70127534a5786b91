import { z } from 'zod';
import { afterEach, describe, expect, it } from 'vitest';
import { defineEvent } from '../../config';
import type { EventInput } from '../../config';
import type { StoredEvent } from '../../server/src/contracts/event';
import { EventLog } from '../support/event-log';
import { startReceiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PEOPLE = '/content-manager/collection-types/api::person.person';
const NOA = { name: 'Noa', slug: 'noa', title: 'Counsel', executive_role: 'legal' };

const payload = z.strictObject({ years: z.number().int() });

function renewed(rest: Partial<EventInput<typeof payload>>) {
  return defineEvent({
    type: 'person.renewed',
    version: '1.0.0',
    summary: 'A person was renewed.',
    source: { uid: 'api::person.person' },
    payload,
    when: () => true,
    build: () => ({ years: 1 }),
    ...rest,
  });
}

describe('An event that breaks its schema', () => {
  let app: TestStrapi | undefined;

  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });

  const start = async (
    definition: ReturnType<typeof renewed>,
    capture: Record<string, unknown> = {},
  ) => {
    app = await startStrapi({
      options: (options) => ({ ...options, presets: [], events: [definition], capture }),
    });
    return { strapi: app.strapi, admin: await app.admin() };
  };

  it('costs nobody the save: it is stored as invalid, shown with its reasons, and never delivered', async () => {
    const { strapi, admin } = await start(renewed({ build: () => ({ years: 'many' }) as never }));
    const receiver = await startReceiver();
    await admin.post('/newswire/subscriptions', {
      name: 'All',
      destination: { url: receiver.url() },
      event_types: ['*'],
    });
    const saved = await admin.post(PEOPLE, NOA);
    expect(saved.status).toBe(201);
    const [event] = await new EventLog(strapi).next();
    expect(event).toMatchObject({ event_type: 'person.renewed', status: 'invalid' });
    expect(event?.problems).toMatchObject([
      { code: 'schema_violation', path: 'payload.years', message: expect.any(String) },
    ]);

    const shown = await admin.get<{ data: unknown[] }>('/newswire/events?status=invalid');
    expect(shown.body.data).toMatchObject([
      { status: 'invalid', sequence_number: null, produced_at: null, problems: event?.problems },
    ]);
    const status = await admin.get<{ data: unknown }>('/newswire/status');
    expect(status.body.data).toMatchObject({ invalid_events: 1, backlog: 0, unsequenced: 0 });
    expect(receiver.requests).toEqual([]);
    await receiver.close();
  });

  it('fails the save with a clear message where the option says so', async () => {
    const { strapi, admin } = await start(renewed({ build: () => ({ years: 'many' }) as never }), {
      onInvalid: 'reject',
    });
    const saved = await admin.post<{ error: { message: string; details: object } }>(PEOPLE, NOA);
    expect(saved.status).toBe(400);
    expect(saved.body.error.message).toMatch(/cannot be saved.*person\.renewed.*payload\.years/);
    expect(saved.body.error.details).toMatchObject({ code: 'event_invalid' });
    expect(await strapi.db.query('api::person.person').count()).toBe(0);
    expect(await new EventLog(strapi).next()).toEqual([]);
  });

  it('is stored as invalid when the definition itself throws', async () => {
    const throwing = renewed({
      when: () => {
        throw new Error('no such field');
      },
    });
    const { strapi, admin } = await start(throwing);
    expect((await admin.post(PEOPLE, NOA)).status).toBe(201);
    const [event] = await new EventLog(strapi).next();
    expect(event).toMatchObject({ status: 'invalid', payload: null });
    expect(event?.problems).toEqual([
      {
        code: 'definition_failed',
        path: null,
        message: 'The definition failed: no such field',
      },
    ]);
  });

  it('is stored as invalid, without its payload, when it is too large or no JSON', async () => {
    const anything = defineEvent({
      type: 'person.dumped',
      version: '1.0.0',
      summary: 'Everything.',
      source: { uid: 'api::person.person' },
      payload: z.any(),
      when: () => true,
      build: ({ after }) => (after?.['name'] === 'Noa' ? 'x'.repeat(2_000) : { big: 1n }),
    });
    const { strapi, admin } = await start(anything, { maxEventBytes: 1_024 });
    const log = new EventLog(strapi);
    expect((await admin.post(PEOPLE, NOA)).status).toBe(201);
    expect((await admin.post(PEOPLE, { ...NOA, name: 'Bo', slug: 'bo' })).status).toBe(201);
    expect(await log.next()).toMatchObject([
      {
        status: 'invalid',
        payload: null,
        problems: [
          { code: 'event_too_large', message: expect.stringMatching(/maxEventBytes allows 1024/) },
        ],
      },
      { status: 'invalid', payload: null, problems: [{ code: 'payload_not_json' }] },
    ]);
  });

  it('is released, and delivered with its id, once its record is mended and it is validated again', async () => {
    const definition = defineEvent({
      type: 'person.named',
      version: '1.0.0',
      summary: 'A person has a name.',
      source: { uid: 'api::person.person' },
      payload: z.strictObject({ name: z.string(), url: z.string() }),
      rules: [
        {
          code: 'profile_not_secure',
          summary: 'Profiles are served by HTTPS.',
          check: ({ url }) =>
            url.startsWith('https:') ? [] : [{ path: 'url', message: 'must begin with https:' }],
        },
      ],
      when: ({ before }) => before === null,
      build: ({ after }) => ({
        name: String(after?.['name']),
        url: String(after?.['profile_url']),
      }),
    });
    const { strapi, admin } = await start(definition);
    const receiver = await startReceiver();
    await admin.post('/newswire/subscriptions', {
      name: 'All',
      destination: { url: receiver.url() },
      event_types: ['person.*'],
    });
    const saved = await admin.post<{ data: { documentId: string } }>(PEOPLE, {
      ...NOA,
      profile_url: 'http://cms.example.com/noa',
    });
    const [event] = await new EventLog(strapi).next();
    const problem = {
      code: 'profile_not_secure',
      path: 'payload.url',
      message: 'must begin with https:',
    };
    expect(event).toMatchObject({ status: 'invalid', problems: [problem] });
    const address = `/newswire/events/${event?.event_id}/revalidate`;

    const early = await admin.post<{ data: StoredEvent }>(address, {});
    expect(early.status, JSON.stringify(early.body)).toBe(200);
    expect(early.body.data).toMatchObject({ status: 'invalid', problems: [problem] });

    const { documentId } = saved.body.data;
    await admin.put(`${PEOPLE}/${documentId}`, { profile_url: 'https://cms.example.com/noa' });
    const released = await admin.post<{ data: StoredEvent }>(address, {});
    expect(released.body.data).toMatchObject({
      event_id: event?.event_id,
      occurred_at: event?.occurred_at,
      actor: event?.actor,
      status: 'recorded',
      problems: [],
      payload: { name: 'Noa', url: 'https://cms.example.com/noa' },
    });
    const [request] = await receiver.received(1, 5_000);
    expect(JSON.parse(String(request?.body))).toMatchObject({ event_id: event?.event_id });

    const again = await admin.post<{ error: { details: object } }>(address, {});
    expect([again.status, again.body.error.details]).toEqual([409, { code: 'not_invalid' }]);
    expect((await admin.post('/newswire/events/none/revalidate', {})).status).toBe(404);
    await receiver.close();
  });

  it('cannot be made again when its document is gone, and says so', async () => {
    const definition = renewed({ build: () => ({ years: 'many' }) as never });
    app = await startStrapi({
      options: (options) => ({ ...options, presets: [], events: [definition] }),
    });
    const people = app.strapi.documents('api::person.person');
    const { documentId } = await people.create({ data: NOA as never });
    const [event] = await new EventLog(app.strapi).next();
    await people.delete({ documentId });
    const token = await app.apiToken();
    const answer = await token.post<{ error: { details: object } }>(
      `/api/newswire/manage/events/${event?.event_id}/revalidate`,
      {},
    );
    expect([answer.status, answer.body.error.details]).toEqual([409, { code: 'document_gone' }]);
  });

  it('stops the boot when the definition is wrong, and says where', async () => {
    await expect(
      start({ ...renewed({}), sources: [{ uid: 'api::nope.nope', counts: 'published' }] }),
    ).rejects.toThrow(
      'Event definition "person.renewed": this application has no content type "api::nope.nope"',
    );
    await expect(start(renewed({}), { maxEventByte: 1 })).rejects.toThrow(
      /newswire\.config\.capture/,
    );
  });
});
