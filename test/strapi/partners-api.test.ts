import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedToken, Partner, PartnerToken } from '../../server/src/contracts/partner';
import type { CreatedSubscription, Subscription } from '../../server/src/contracts/subscription';
import type { HttpClient, Reply } from '../support/http-client';
import { makePartner, makePartnerToken, PARTNERS } from '../support/partners';
import { startStrapi, type TestStrapi } from '../support/strapi';

interface Refused {
  error: { message: string; details: { code?: string; errors?: { path: string[] }[] } };
}

const SUBSCRIPTIONS = '/api/newswire/manage/subscriptions';

describe('The partners API', () => {
  let app: TestStrapi;
  let manager: HttpClient;

  beforeAll(async () => {
    app = await startStrapi();
    manager = await app.apiToken();
  });

  afterAll(() => app.stop());

  const refused = ({ status, body }: Reply<Refused>) => ({
    status,
    code: body.error.details.code,
    fields: body.error.details.errors?.map(({ path }) => path.join('.')),
  });
  const subscribe = (partnerId: string | null, body: object = {}) =>
    manager.post<{ data: CreatedSubscription } & Refused>(SUBSCRIPTIONS, {
      name: 'Theirs',
      destination: { url: 'https://hooks.example.com/in' },
      event_types: ['entry.*'],
      partner_id: partnerId,
      ...body,
    });
  const read = async (id: string) =>
    (await manager.get<{ data: Subscription }>(`${SUBSCRIPTIONS}/${id}`)).body.data;

  it('fills in every default, and never shows the pseudonym key', async () => {
    const reply = await manager.post<{ data: Partner }>(PARTNERS, { name: 'Northstar' });
    expect(reply.status).toBe(201);
    expect(reply.body.data).toEqual({
      id: expect.any(String) as string,
      name: 'Northstar',
      contacts: [],
      territories: [],
      genres: [],
      content_types: [],
      clearance: 'partner',
      rate_per_minute: 600,
      allowed_networks: [],
      state: 'active',
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
    });
    const { id } = reply.body.data;
    expect((await manager.get<{ data: Partner }>(`${PARTNERS}/${id}`)).body.data).toEqual(
      reply.body.data,
    );
    const row = (await app.strapi.db
      .connection('newswire_partners')
      .where({ partner_id: id })
      .first()) as { encrypted_pseudonym_key: string };
    expect(row.encrypted_pseudonym_key).toMatch(/^key:[0-9a-f]{8}:v1:/);
  });

  it.each([
    ['no name', {}, ['name']],
    ['an unknown field', { name: 'A', colour: 'red' }, ['colour']],
    [
      'a network that is none',
      { name: 'A', allowed_networks: ['10.0.0.1', '10'] },
      ['allowed_networks.1'],
    ],
    ['an unknown clearance', { name: 'A', clearance: 'secret' }, ['clearance']],
    ['no rate at all', { name: 'A', rate_per_minute: 0 }, ['rate_per_minute']],
    [
      'a contact without a name',
      { name: 'A', contacts: [{ email: 'a@example.com' }] },
      ['contacts.0.name'],
    ],
    ['an id of its own', { name: 'A', id: '1' }, ['id']],
  ])('refuses %s with 400, and names the field', async (_, body, fields) => {
    expect(refused(await manager.post<Refused>(PARTNERS, body))).toEqual({
      status: 400,
      code: 'invalid_body',
      fields,
    });
  });

  it('changes the given fields and leaves the others', async () => {
    const { id } = await makePartner(manager, { territories: ['GB'], genres: ['drama'] });
    const reply = await manager.patch<{ data: Partner }>(`${PARTNERS}/${id}`, {
      territories: ['SE', 'NO'],
      allowed_networks: ['192.0.2.0/24'],
    });
    expect(reply.status).toBe(200);
    expect(reply.body.data).toMatchObject({
      name: 'Northstar',
      territories: ['SE', 'NO'],
      genres: ['drama'],
      allowed_networks: ['192.0.2.0/24'],
    });
    const wrong = await manager.patch<Refused>(`${PARTNERS}/${id}`, { allowed_networks: ['x'] });
    expect(refused(wrong)).toMatchObject({ status: 400, fields: ['allowed_networks.0'] });
    expect((await manager.patch(`${PARTNERS}/nobody`, {})).status).toBe(404);
  });

  it('lists partners newest first, page by page, by state', async () => {
    const made = [await makePartner(manager), await makePartner(manager, { state: 'suspended' })];
    const page = await manager.get<{ data: Partner[]; meta: { after: string } }>(
      `${PARTNERS}?limit=1`,
    );
    expect(page.body.data.map(({ id }) => id)).toEqual([made[1]?.id]);
    const next = await manager.get<{ data: Partner[] }>(
      `${PARTNERS}?limit=1&after=${page.body.meta.after}`,
    );
    expect(next.body.data.map(({ id }) => id)).toEqual([made[0]?.id]);
    const suspended = await manager.get<{ data: Partner[] }>(`${PARTNERS}?state=suspended`);
    expect(suspended.body.data.map(({ id }) => id)).toEqual([made[1]?.id]);
  });

  it('shows a token in the answer of its making alone, and keeps no part of it but the beginning', async () => {
    const { id } = await makePartner(manager);
    const reply = await manager.post<{ data: CreatedToken }>(`${PARTNERS}/${id}/tokens`, {
      name: 'Reader',
      expires_at: '2030-01-01T00:00:00+02:00',
    });
    expect(reply.status).toBe(201);
    const { token, ...rest } = reply.body.data;
    expect(token).toMatch(/^nwp_[A-Za-z0-9_-]{43}$/);
    expect(rest).toEqual({
      id: expect.any(String) as string,
      partner_id: id,
      name: 'Reader',
      prefix: token.slice(0, 16),
      scopes: ['feeds:read'],
      expires_at: '2029-12-31T22:00:00.000Z',
      last_used_at: null,
      created_at: expect.any(String) as string,
    });
    const list = await manager.get<{ data: PartnerToken[] }>(`${PARTNERS}/${id}/tokens`);
    expect(list.body).toEqual({ data: [rest], meta: { after: null, has_more: false } });
    const { connection } = app.strapi.db;
    for (const table of ['newswire_partner_tokens', 'newswire_partners', 'newswire_events']) {
      const text = JSON.stringify(await connection(table).select('*'));
      expect(text).not.toContain(token.slice(16));
    }
  });

  it.each([
    ['no name', {}, ['name']],
    ['an unknown scope', { name: 'A', scopes: ['feeds:write'] }, ['scopes.0']],
    ['no scope', { name: 'A', scopes: [] }, ['scopes']],
    ['a time that is over', { name: 'A', expires_at: '2020-01-01T00:00:00Z' }, ['expires_at']],
    ['a token of one’s own', { name: 'A', token: 'nwp_mine' }, ['token']],
  ])('refuses a token with %s', async (_, body, fields) => {
    const { id } = await makePartner(manager);
    expect(refused(await manager.post<Refused>(`${PARTNERS}/${id}/tokens`, body))).toEqual({
      status: 400,
      code: 'invalid_body',
      fields,
    });
  });

  it('knows tokens of a partner by that partner alone', async () => {
    const [one, other] = [await makePartner(manager), await makePartner(manager)];
    const { id } = await makePartnerToken(manager, one.id);
    expect((await manager.delete(`${PARTNERS}/${other.id}/tokens/${id}`)).status).toBe(404);
    expect((await manager.get(`${PARTNERS}/nobody/tokens`)).status).toBe(404);
    expect((await manager.post(`${PARTNERS}/nobody/tokens`, { name: 'A' })).status).toBe(404);
    expect((await manager.delete(`${PARTNERS}/${one.id}/tokens/${id}`)).status).toBe(204);
    expect((await manager.delete(`${PARTNERS}/${one.id}/tokens/${id}`)).status).toBe(404);
  });

  it('deletes a partner with its tokens, but not while it has subscriptions', async () => {
    const { id } = await makePartner(manager);
    await makePartnerToken(manager, id);
    const { body } = await subscribe(id);
    const wrong = await manager.delete<Refused>(`${PARTNERS}/${id}`);
    expect(refused(wrong)).toMatchObject({ status: 409, code: 'partner_has_subscriptions' });
    await manager.delete(`${SUBSCRIPTIONS}/${body.data.id}`);
    expect((await manager.delete(`${PARTNERS}/${id}`)).status).toBe(204);
    expect((await manager.delete(`${PARTNERS}/${id}`)).status).toBe(404);
    const { connection } = app.strapi.db;
    const left: unknown[] = await connection('newswire_partner_tokens').where({ partner_id: id });
    expect(left).toEqual([]);
  });

  it('gives no subscription to a partner that is not there, or suspended', async () => {
    expect(refused(await subscribe('nobody'))).toMatchObject({
      status: 400,
      fields: ['partner_id'],
    });
    const { id } = await makePartner(manager, { state: 'suspended' });
    expect(refused(await subscribe(id))).toMatchObject({ status: 409, code: 'partner_suspended' });
    const own = await subscribe(null);
    const path = `${SUBSCRIPTIONS}/${own.body.data.id}`;
    expect(refused(await manager.patch<Refused>(path, { partner_id: id }))).toMatchObject({
      status: 409,
      code: 'partner_suspended',
    });
    expect(refused(await manager.patch<Refused>(path, { partner_id: 'nobody' }))).toMatchObject({
      status: 400,
      fields: ['partner_id'],
    });
  });

  it('pauses what a suspended partner is sent, and lets it go on when it is active again', async () => {
    const { id } = await makePartner(manager);
    const active = (await subscribe(id)).body.data;
    const paused = (await subscribe(id, { state: 'paused' })).body.data;
    const sandbox = (await subscribe(id, { state: 'sandbox' })).body.data;
    await manager.patch(`${PARTNERS}/${id}`, { state: 'suspended' });
    expect(await read(active.id)).toMatchObject({
      state: 'paused',
      state_reason: 'The partner is suspended',
    });
    expect(
      refused(await manager.post<Refused>(`${SUBSCRIPTIONS}/${active.id}/resume`)),
    ).toMatchObject({ status: 409, code: 'partner_suspended' });
    expect((await manager.patch(`${SUBSCRIPTIONS}/${active.id}`, { name: 'Other' })).status).toBe(
      200,
    );
    const events = await app.strapi.db
      .connection('newswire_events')
      .where({ event_type: 'webhook.subscription_paused', subject_id: active.id });
    expect(events).toHaveLength(1);
    await manager.patch(`${PARTNERS}/${id}`, { state: 'active' });
    expect(await read(active.id)).toMatchObject({ state: 'active', state_reason: null });
    expect(await read(paused.id)).toMatchObject({ state: 'paused' });
    expect(await read(sandbox.id)).toMatchObject({ state: 'sandbox' });
  });
});
