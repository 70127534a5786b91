import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Partner } from '../../server/src/contracts/partner';
import type { StoredEvent } from '../../server/src/contracts/event';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { HttpClient, Reply } from '../support/http-client';
import { startReceiver, type Receiver } from '../support/receiver';
import { startStrapi, type TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const SLATES = '/content-manager/collection-types/api::slate.slate';

describe('An event that needs approval', () => {
  let app: TestStrapi;
  let admin: HttpClient;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startStrapi({
      options: {
        presets: ['generic'],
        overrides: { 'entry.published': { audience: 'partner', approval: true } },
      },
    });
    admin = await app.admin();
    receiver = await startReceiver();
    const partner = dataOf(
      await admin.post<{ data: Partner }>('/newswire/partners', { name: 'Fjord TV' }),
      201,
    );
    await subscribe('/ours', {});
    await subscribe('/theirs', { partner_id: partner.id });
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.close();
  });

  it('reaches our own subscribers at once, and a partner when it is approved, once', async () => {
    const event = await createSlate();
    await waitFor(() => seenAt('/ours').includes(event.event_id), 5_000, 'our own delivery');
    expect(event.approval).toBe('pending');
    expect(seenAt('/theirs')).toEqual([]);

    const approved = dataOf(await answer(event, 'approve', { note: 'Cleared by legal' }));
    expect(approved).toMatchObject({ event_id: event.event_id, approval: 'approved' });
    await waitFor(
      () => seenAt('/theirs').includes(event.event_id),
      5_000,
      "the partner's delivery",
    );

    const again = await answer(event, 'approve');
    expect(again).toMatchObject({
      status: 409,
      body: { error: { details: { code: 'approval_answered' } } },
    });
    expect(seenAt('/theirs')).toEqual([event.event_id]);
    expect(seenAt('/ours')).toEqual([event.event_id]);
  });

  it('never reaches a partner once it was rejected, not by replay either', async () => {
    const event = await createSlate();
    expect(dataOf(await answer(event, 'reject', { note: 'Embargoed' }))).toMatchObject({
      approval: 'rejected',
    });
    expect(await answer(event, 'approve')).toMatchObject({ status: 409 });
    const theirs = dataOf(
      await admin.get<{ data: CreatedSubscription[] }>('/newswire/subscriptions'),
    ).find(({ partner_id }) => partner_id !== null);

    const replay = { subscription_id: theirs?.id, missing: true, dry_run: true };
    expect(await admin.post('/newswire/replays', replay)).toMatchObject({
      body: { data: { matched: 0 } },
    });
    expect(seenAt('/theirs')).not.toContain(event.event_id);
  });

  it('is told apart from one that needs none', async () => {
    const created = await createSlate();
    const documentId = created.subject.id;
    expect((await admin.post(`${SLATES}/${documentId}/actions/unpublish`, {})).status).toBe(200);
    const unpublished = await newest('entry.unpublished', documentId);
    expect(unpublished.approval).toBeNull();
    expect(await answer(unpublished, 'approve')).toMatchObject({
      status: 409,
      body: { error: { details: { code: 'approval_not_needed' } } },
    });
  });

  it.each([
    ['a note that is no text', { note: 7 }],
    ['a note that is too long', { note: 'x'.repeat(2_001) }],
    ['a field that there is not', { reason: 'x' }],
  ])('is not answered by %s', async (_, body) => {
    const event = await createSlate();
    expect(await answer(event, 'approve', body)).toMatchObject({ status: 400 });
  });

  async function subscribe(path: string, rest: object): Promise<void> {
    const created = await admin.post('/newswire/subscriptions', {
      name: path,
      destination: { url: receiver.url(path) },
      event_types: ['entry.published'],
      ...rest,
    });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
  }

  async function createSlate(): Promise<StoredEvent> {
    const created = await admin.post<{ data: { documentId: string } }>(SLATES, {
      title: 'Autumn',
      slug: `autumn-${Math.random()}`,
    });
    const { documentId } = dataOf(created, 201);
    expect((await admin.post(`${SLATES}/${documentId}/actions/publish`, {})).status).toBe(200);
    return newest('entry.published', documentId);
  }

  async function newest(type: string, documentId: string): Promise<StoredEvent> {
    const query = `event_type=${type}&subject_id=${documentId}`;
    const [event] = dataOf(await admin.get<{ data: StoredEvent[] }>(`/newswire/events?${query}`));
    if (!event) throw new Error(`There is no ${type} of ${documentId}`);
    return event;
  }

  function answer(event: StoredEvent, verb: 'approve' | 'reject', body: object = {}) {
    return admin.post<{ data: StoredEvent }>(`/newswire/events/${event.event_id}/${verb}`, body);
  }

  function seenAt(path: string): string[] {
    return receiver.requests
      .filter((request) => request.path === path)
      .map((request) => String(request.headers['x-idempotency-key']));
  }
});

function dataOf<Data>({ status, body }: Reply<{ data: Data }>, wanted = 200): Data {
  expect(status, JSON.stringify(body)).toBe(wanted);
  return body.data;
}
