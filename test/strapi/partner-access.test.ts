import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedToken, Partner } from '../../server/src/contracts/partner';
import type { Usage } from '../../server/src/contracts/usage';
import { httpClient, type HttpClient, type Reply } from '../support/http-client';
import {
  makePartner,
  makePartnerToken,
  PARTNERS,
  withToken,
  type Refused,
} from '../support/partners';
import { startStrapi, type TestStrapi } from '../support/strapi';

const USAGE = '/api/newswire/usage';
const NOWHERE = '192.0.2.0/24';

describe('A partner', () => {
  let app: TestStrapi;
  let manager: HttpClient;
  let partner: Partner;
  let token: CreatedToken;

  beforeAll(async () => {
    app = await startStrapi();
    manager = await app.apiToken();
    partner = await makePartner(manager);
    token = await makePartnerToken(manager, partner.id);
  });

  afterAll(() => app.stop());

  const ask = (authorization: string) => httpClient(app.url, { authorization }).get<Refused>(USAGE);
  const refused = ({ status, body, headers }: Reply<Refused>) => ({
    status,
    code: body.error.details.code,
    challenge: headers.get('www-authenticate'),
  });
  const unauthorized = (code: string) => ({
    status: 401,
    code,
    challenge: 'Bearer realm="newswire", Basic realm="newswire"',
  });
  const forbidden = (code: string) => ({ status: 403, code, challenge: null });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  it('is let in by its token, as Bearer or as the password of Basic', async () => {
    for (const authorization of [
      `Bearer ${token.token}`,
      `bearer ${token.token}`,
      basic(`reader:${token.token}`),
      basic(`:${token.token}`),
    ]) {
      const reply = await httpClient(app.url, { authorization }).get<{ data: Usage }>(USAGE);
      expect(reply.status, authorization).toBe(200);
      expect(reply.body.data.partner).toEqual({ id: partner.id, name: 'Northstar' });
      expect(reply.headers.get('cache-control')).toBe('private, no-cache');
      expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
      expect(reply.headers.get('vary')).toMatch(/Authorization, Accept-Encoding/);
    }
  });

  it('is refused without a token, and asked for one', async () => {
    expect(refused(await app.anonymous.get<Refused>(USAGE))).toEqual(unauthorized('token_missing'));
  });

  it('is refused with a token that is wrong, in whatever way', async () => {
    const last = token.token.at(-1) === 'A' ? 'E' : 'A';
    for (const wrong of [
      token.token.slice(0, -1) + last,
      `${token.token}x`,
      token.token.slice(0, 16),
      token.token.toUpperCase().replace('NWP_', 'nwp_'),
      `nwp_${'A'.repeat(43)}`,
      'nwp_',
      'something-else',
      `nwp_${'ü'.repeat(10)}`.normalize('NFD').replace(/[^\u0020-\u007e]/g, '?'),
      `nwp_${'x'.repeat(8_000)}`,
    ]) {
      expect(refused(await ask(`Bearer ${wrong}`)), wrong).toEqual(unauthorized('token_unknown'));
      expect(refused(await ask(basic(`a:${wrong}`))), wrong).toEqual(unauthorized('token_unknown'));
    }
    const strapi = await app.apiToken();
    expect(refused(await strapi.get<Refused>(USAGE))).toEqual(unauthorized('token_unknown'));
  });

  it('is refused with a token in the query where no feed is read', async () => {
    const reply = await app.anonymous.get<Refused>(`${USAGE}?token=${token.token}`);
    expect(refused(reply)).toEqual(unauthorized('token_missing'));
  });

  it('is refused with Basic where something is written, which a browser would send by itself', async () => {
    const browser = httpClient(app.url, { authorization: basic(`a:${token.token}`) });
    const reply = await browser.post<Refused>('/api/newswire/subscriptions/x/pause', {});
    expect(refused(reply)).toEqual(unauthorized('token_missing'));
  });

  it('is refused as soon as its token has expired', async () => {
    const made = await makePartnerToken(manager, partner.id, {
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const client = withToken(app.url, made.token);
    expect((await client.get(USAGE)).status).toBe(200);
    const { connection } = app.strapi.db;
    await connection('newswire_partner_tokens')
      .where({ token_id: made.id })
      .update({ expires_at: Date.now() });
    await connection('newswire_state').where({ name: 'config_version' }).increment('value', 1);
    expect(refused(await client.get<Refused>(USAGE))).toEqual(unauthorized('token_expired'));
  });

  it('is refused from the next request on when its token is revoked', async () => {
    const made = await makePartnerToken(manager, partner.id);
    const client = withToken(app.url, made.token);
    expect((await client.get(USAGE)).status).toBe(200);
    await manager.delete(`${PARTNERS}/${partner.id}/tokens/${made.id}`);
    expect(refused(await client.get<Refused>(USAGE))).toEqual(unauthorized('token_unknown'));
    expect((await withToken(app.url, token.token).get(USAGE)).status).toBe(200);
  });

  it('is refused while it is suspended, and no longer', async () => {
    const other = await makePartner(manager);
    const made = await makePartnerToken(manager, other.id);
    const client = withToken(app.url, made.token);
    await manager.patch(`${PARTNERS}/${other.id}`, { state: 'suspended' });
    expect(refused(await client.get<Refused>(USAGE))).toEqual(forbidden('partner_suspended'));
    await manager.patch(`${PARTNERS}/${other.id}`, { state: 'active' });
    expect((await client.get(USAGE)).status).toBe(200);
    await manager.delete(`${PARTNERS}/${other.id}`);
    expect(refused(await client.get<Refused>(USAGE))).toEqual(unauthorized('token_unknown'));
  });

  it('is refused from another network than its own, whatever its headers say', async () => {
    const other = await makePartner(manager, { allowed_networks: [NOWHERE] });
    const made = await makePartnerToken(manager, other.id);
    const client = httpClient(app.url, {
      authorization: `Bearer ${made.token}`,
      'x-forwarded-for': '192.0.2.7',
    });
    expect(refused(await client.get<Refused>(USAGE))).toEqual(forbidden('network_not_allowed'));
    await manager.patch(`${PARTNERS}/${other.id}`, { allowed_networks: [NOWHERE, '127.0.0.0/8'] });
    expect((await client.get(USAGE)).status).toBe(200);
  });

  it('needs the scope that a route wants', async () => {
    const made = await makePartnerToken(manager, partner.id, { scopes: ['feeds:read'] });
    const client = withToken(app.url, made.token);
    const reply = await client.post<Refused>('/api/newswire/subscriptions/x/pause', {});
    expect(refused(reply)).toEqual(forbidden('scope_missing'));
    expect(reply.body.error).toMatchObject({ name: 'ForbiddenError', status: 403 });
    expect(reply.headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
    expect((await client.get(USAGE)).status).toBe(200);
  });

  it('opens no other route with its token, and no other strategy opens its own', async () => {
    const client = withToken(app.url, token.token);
    expect((await client.get('/api/newswire/manage/partners')).status).toBe(401);
    expect((await client.get('/api/newswire/metrics')).status).toBe(401);
    expect([401, 403]).toContain((await client.get('/api/people')).status);
    // With a permission of the public, Strapi takes anybody for the public, whatever the token.
    const role = (await app.strapi.db
      .query('plugin::users-permissions.role')
      .findOne({ where: { type: 'public' } })) as { id: number };
    for (const action of ['api::person.person.find', 'plugin::newswire.usage.find']) {
      await app.strapi.db
        .query('plugin::users-permissions.permission')
        .create({ data: { action, role: role.id } });
    }
    expect((await app.anonymous.get('/api/people')).status).toBe(200);
    expect(refused(await app.anonymous.get<Refused>(USAGE))).toEqual(unauthorized('token_missing'));
    expect(refused(await ask(`Bearer nwp_${'A'.repeat(43)}`))).toEqual(
      unauthorized('token_unknown'),
    );
    expect((await client.get(USAGE)).status).toBe(200);
  });

  it('is told its limit with every answer, and stopped at it', async () => {
    const other = await makePartner(manager, { rate_per_minute: 5 });
    const made = await makePartnerToken(manager, other.id);
    const client = withToken(app.url, made.token);
    // Not across the end of a minute.
    if (Date.now() % 60_000 > 55_000) await new Promise((go) => setTimeout(go, 5_000));
    for (const left of [4, 3, 2, 1, 0]) {
      const reply = await client.get<{ data: Usage }>(USAGE);
      expect(reply.status).toBe(200);
      expect(reply.headers.get('ratelimit-policy')).toBe('"default";q=5;w=60');
      expect(reply.headers.get('ratelimit')).toMatch(new RegExp(`^"default";r=${left};t=\\d+$`));
      expect(reply.body.data.quota).toMatchObject({ rate_per_minute: 5, remaining: left });
      expect(reply.body.data.requests_last_24h).toBe(5 - left);
    }
    const reply = await client.get<Refused>(USAGE);
    expect(refused(reply)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(reply.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/);
    const seconds = Number(reply.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    // Each token has a limit of its own.
    const second = await makePartnerToken(manager, other.id);
    expect((await withToken(app.url, second.token).get(USAGE)).status).toBe(200);
  });

  it('leaves when its token was used last', async () => {
    const made = await makePartnerToken(manager, partner.id);
    await withToken(app.url, made.token).get(USAGE);
    const lastUse = async () => {
      const { body } = await manager.get<{ data: { id: string; last_used_at: string | null }[] }>(
        `${PARTNERS}/${partner.id}/tokens`,
      );
      return body.data.find(({ id }) => id === made.id)?.last_used_at ?? null;
    };
    await expect.poll(lastUse, { timeout: 5_000 }).not.toBeNull();
  });
});
