import type { Core } from '@strapi/strapi';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ListAnswer } from '../../server/src/contracts/common';
import type { DeliveryDetail } from '../../server/src/contracts/delivery';
import type { Key, RotatedKey, RotatedSecret } from '../../server/src/contracts/key';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import { createReceiver } from '../../server/src/receiver';
import {
  createTestDatabase,
  describeOnEachDatabase,
  type TestDatabase,
} from '../support/databases';
import type { HttpClient, Reply } from '../support/http-client';
import { startReceiver, type ReceivedRequest, type Receiver } from '../support/receiver';
import { logIn, startStrapi, type TestStrapi } from '../support/strapi';

const MANAGE = '/api/newswire/manage';

interface Refused {
  error: {
    status: number;
    message: string;
    details: { code: string; ends_at?: string };
  };
}

describeOnEachDatabase('Signing', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let strapi: Core.Strapi;
  let api: HttpClient;
  let receiver: Receiver;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({ database });
    ({ strapi } = app);
    api = await app.apiToken();
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const subscribe = async (rest: object = {}) => {
    const reply = await api.post<{ data: CreatedSubscription }>(`${MANAGE}/subscriptions`, {
      name: 'Desk',
      destination: { url: receiver.url() },
      event_types: ['entry.*'],
      ...rest,
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    return reply.body.data;
  };
  const path = ({ id }: { id: string }) => `${MANAGE}/subscriptions/${id}`;
  const rotate = (subscription: { id: string }, body: object = {}) =>
    api.post<{ data: RotatedSecret } & Refused>(`${path(subscription)}/secret/rotate`, body);
  const revoke = (subscription: { id: string }, kid: string) =>
    api.post<{ data: { keys: Key[] } } & Refused>(`${path(subscription)}/secret/revoke`, { kid });
  const save = () =>
    strapi.documents('api::person.person').create({
      data: { name: 'Ana', slug: `s-${Math.random()}`, title: 'Counsel' } as never,
    });
  const sendTest = async (subscription: { id: string }): Promise<ReceivedRequest> => {
    const count = receiver.requests.length;
    expect((await api.post(`${path(subscription)}/test`)).status).toBe(200);
    const requests = await receiver.received(count + 1);
    const found = requests
      .slice(count)
      .find((one) => one.headers['x-event-type'] === 'webhook.test');
    if (!found) throw new Error('No test event arrived');
    return found;
  };
  const accepts = async (secrets: Record<string, string>, request: ReceivedRequest) =>
    (await createReceiver({ secrets }).verify(request)).ok;
  const jwks = async () =>
    (await app.anonymous.get<{ keys: { kid: string }[] }>('/api/newswire/jwks.json')).body;
  const remove = (subscription: { id: string }) => api.delete(path(subscription));
  const refusal = (reply: Reply<Refused>) => ({
    status: reply.status,
    code: reply.body.error.details.code,
  });

  it('goes on by the old and the new secret while events flow, until the old one is revoked', async () => {
    const subscription = await subscribe();
    const old = { [subscription.kid]: subscription.secret };
    let rotated: RotatedSecret | undefined;
    for (let saved = 0; saved < 12; saved += 1) {
      if (saved === 6) {
        const reply = await rotate(subscription);
        expect(reply.status).toBe(200);
        rotated = reply.body.data;
      }
      await save();
    }
    if (!rotated) throw new Error('Nothing was rotated');
    const requests = await receiver.received(12, 20_000);
    const fresh = { [rotated.kid]: rotated.secret };
    for (const request of requests) {
      expect(await accepts(old, request)).toBe(true);
      const isNew = request.headers['x-signature-kid'] === rotated.kid;
      expect(await accepts(fresh, request)).toBe(isNew);
    }
    const last = await sendTest(subscription);
    expect(last.headers['x-signature-kid']).toBe(rotated.kid);
    expect(last.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(await accepts({ ...old, ...fresh }, last)).toBe(true);

    expect((await revoke(subscription, subscription.kid)).body.data.keys).toMatchObject([
      { kid: rotated.kid, current: true },
    ]);
    const after = await sendTest(subscription);
    expect(await accepts(old, after)).toBe(false);
    expect(await accepts(fresh, after)).toBe(true);
    await remove(subscription);
  });

  it('answers a second rotation with 409 until it is forced', async () => {
    const subscription = await subscribe();
    const first = (await rotate(subscription, { overlap_seconds: 3_600 })).body.data;
    expect(first).toMatchObject({ previous_kid: subscription.kid });
    const inAnHour = Date.parse(first.previous_expires_at ?? '') - Date.now();
    expect(inAnHour).toBeGreaterThan(3_590_000);
    expect(inAnHour).toBeLessThanOrEqual(3_600_000);

    const second = await rotate(subscription);
    expect(refusal(second)).toEqual({ status: 409, code: 'rotation_in_progress' });
    expect(second.body.error.details.ends_at).toBe(first.previous_expires_at);

    const forced = await rotate(subscription, { force: true });
    expect(forced.status).toBe(200);
    const keys = await api.get<ListAnswer<Key>>(`${path(subscription)}/keys`);
    expect(keys.body.data.map(({ kid }) => kid)).toEqual([forced.body.data.kid, first.kid]);
    expect(JSON.stringify(keys.body)).not.toContain('whsec_');

    expect(refusal(await revoke(subscription, forced.body.data.kid))).toEqual({
      status: 409,
      code: 'key_is_current',
    });
    expect(refusal(await revoke(subscription, 'key_unknown'))).toEqual({
      status: 404,
      code: 'not_found',
    });
    expect(refusal(await rotate(subscription, { overlap_seconds: -1 })).status).toBe(400);
    expect(refusal(await rotate({ id: 'none' })).status).toBe(404);
    await remove(subscription);
  });

  it('signs a retry afresh with the keys that are in force then', async () => {
    const subscription = await subscribe({ delivery: { retry: [0, 1, 1] } });
    receiver.answer(503, 204);
    await save();
    const [first] = await receiver.received(1);
    const { secret, kid } = (await rotate(subscription, { overlap_seconds: 0 })).body.data;
    const [, second] = await receiver.received(2);
    if (!first || !second) throw new Error('There was no retry');
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toEqual(first.body);
    expect(await accepts({ [kid]: secret }, first)).toBe(false);
    expect(await accepts({ [kid]: secret }, second)).toBe(true);
    expect(await accepts({ [subscription.kid]: subscription.secret }, second)).toBe(false);
    await remove(subscription);
  });

  it('makes the key pair with the first subscription that asks for one, and publishes its public half', async () => {
    expect(await jwks()).toEqual({ keys: [] });
    const plain = await subscribe();
    expect(await jwks()).toEqual({ keys: [] });
    const made = await Promise.all([
      subscribe({ signing: { ed25519: true } }),
      subscribe({ signing: { jws: true } }),
      subscribe({ signing: { ed25519: true, jws: true } }),
    ]);
    const published = await jwks();
    expect(published.keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[\w-]{43}$/) as string,
        kid: expect.stringMatching(/^[\w-]{43}$/) as string,
        use: 'sig',
        alg: 'EdDSA',
      },
    ]);
    for (const subscription of made) {
      const request = await sendTest(subscription);
      const { signing } = subscription;
      expect(request.headers['webhook-signature']?.includes('v1a,')).toBe(signing.ed25519);
      expect('x-event-jws' in request.headers).toBe(signing.jws);
      const verifier = createReceiver({
        secrets: [subscription.secret],
        jwks: new URL('/api/newswire/jwks.json', app.url),
      });
      expect(await verifier.verify(request)).toMatchObject({
        ok: true,
        kind: 'event',
        id: request.headers['webhook-id'],
      });
      const changed = Buffer.from(String(request.body).replace('a test', 'no test'));
      expect(changed).not.toEqual(request.body);
      const byKeys = createReceiver({ jwks: published });
      expect(await byKeys.verify({ ...request, body: changed })).toMatchObject({ ok: false });
    }
    const request = await sendTest(plain);
    expect(request.headers).not.toHaveProperty('x-event-jws');
    for (const subscription of [plain, ...made]) await remove(subscription);
  });

  it('lets a subscription that exists switch asymmetric signatures on and off', async () => {
    const subscription = await subscribe();
    await api.patch(path(subscription), { signing: { jws: true } });
    expect((await sendTest(subscription)).headers).toHaveProperty('x-event-jws');
    await api.patch(path(subscription), { signing: { jws: false } });
    expect((await sendTest(subscription)).headers).not.toHaveProperty('x-event-jws');
    await remove(subscription);
  });

  it('states in the JWS what is sent', async () => {
    const subscription = await subscribe({ signing: { jws: true } });
    const request = await sendTest(subscription);
    const [header, claims] = (request.headers['x-event-jws'] ?? '')
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as { kid?: string });
    const event = JSON.parse(String(request.body)) as Record<string, unknown>;
    expect(header).toEqual({ alg: 'EdDSA', kid: (await jwks()).keys[0]?.kid });
    expect(claims).toEqual({
      event_id: event['event_id'],
      event_type: 'webhook.test',
      sequence_number: event['sequence_number'],
      producer_id: event['producer_id'],
      iat: Number(request.headers['webhook-timestamp']),
      body_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    await remove(subscription);
  });

  it('rotates the key pair: both verify during the overlap, and one that is revoked does not', async () => {
    const subscription = await subscribe({ signing: { ed25519: true } });
    const before = await jwks();
    const rotated = await api.post<{ data: RotatedKey } & Refused>(`${MANAGE}/keys/rotate`);
    expect(rotated.status).toBe(200);
    const { kid, previous_kid: previous } = rotated.body.data;
    expect(previous).toBe(before.keys[0]?.kid);
    const after = await jwks();
    expect(after.keys.map((key) => key.kid).sort()).toEqual([kid, previous].sort());
    const request = await sendTest(subscription);
    for (const known of [before, after]) {
      expect((await createReceiver({ jwks: known }).verify(request)).ok).toBe(true);
    }
    expect(refusal(await api.post<Refused>(`${MANAGE}/keys/rotate`))).toEqual({
      status: 409,
      code: 'rotation_in_progress',
    });
    const listed = await api.get<ListAnswer<Key>>(`${MANAGE}/keys`);
    expect(listed.body.data).toMatchObject([
      { kid, current: true, algorithm: 'EdDSA', expires_at: null },
      { kid: previous, current: false },
    ]);
    expect(JSON.stringify(listed.body)).not.toMatch(/PRIVATE|encrypted/);
    expect((await api.post(`${MANAGE}/keys/revoke`, { kid: previous })).status).toBe(200);
    const later = await sendTest(subscription);
    expect((await createReceiver({ jwks: before }).verify(later)).ok).toBe(false);
    expect((await createReceiver({ jwks: await jwks() }).verify(later)).ok).toBe(true);
    await remove(subscription);
  });

  it('answers the key set to anybody, and briefly to who has it', async () => {
    const answer = await fetch(`${app.url}/api/newswire/jwks.json`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const etag = answer.headers.get('etag') ?? '';
    await answer.text();
    const again = await fetch(`${app.url}/api/newswire/jwks.json`, {
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
    await api.post(`${MANAGE}/keys/rotate`, { force: true });
    const changed = await fetch(`${app.url}/api/newswire/jwks.json`, {
      headers: { 'if-none-match': etag },
    });
    expect(changed.status).toBe(200);
    await changed.text();
  });

  it('stores no secret in clear, and none in the record of an attempt', async () => {
    const subscription = await subscribe({ signing: { ed25519: true, jws: true } });
    const { secret } = (await rotate(subscription)).body.data;
    await sendTest(subscription);
    const tables = ['keys', 'producer_keys', 'subscriptions', 'attempts', 'client_certificates'];
    for (const table of tables) {
      const rows = JSON.stringify(await strapi.db.connection(`newswire_${table}`).select('*'));
      for (const clear of [secret, subscription.secret, 'PRIVATE KEY']) {
        expect(rows.includes(clear), table).toBe(false);
      }
    }
    const [delivery] = (
      await api.get<{ data: DeliveryDetail[] }>(
        `${MANAGE}/deliveries?subscription_id=${subscription.id}`,
      )
    ).body.data;
    const detail = await api.get(`${MANAGE}/deliveries/${delivery?.id}`);
    expect(JSON.stringify(detail.body)).not.toContain(secret);
    await remove(subscription);
  });

  it('lets nobody at keys and certificates whose role does not allow it', async () => {
    const role = (await strapi.db
      .query('admin::role')
      .findOne({ where: { code: 'strapi-editor' } })) as { id: number };
    const credentials = { email: `editor-${Date.now()}@example.com`, password: 'Newswire1!' };
    await strapi.service('admin::user').create({
      ...credentials,
      firstname: 'Ed',
      isActive: true,
      roles: [role.id],
    });
    const editor = await logIn(app.url, credentials);
    const admin = await app.admin();
    for (const route of ['/newswire/keys', '/newswire/client-certificates']) {
      expect((await editor.get(route)).status).toBe(403);
      expect((await app.anonymous.get(route)).status).toBe(401);
      expect((await admin.get(route)).status).toBe(200);
    }
    expect((await editor.post('/newswire/keys/rotate')).status).toBe(403);
    expect((await app.anonymous.post(`${MANAGE}/keys/rotate`)).status).toBe(401);
  });
});
