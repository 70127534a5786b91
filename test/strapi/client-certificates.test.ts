import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientCertificate } from '../../server/src/contracts/client-certificate';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import { DESK, DESK_KEY, DESK_KEY_ENCRYPTED, ISSUER } from '../support/client-certificates';
import type { HttpClient, Reply } from '../support/http-client';
import { startReceiver, type Receiver } from '../support/receiver';
import { startStrapi, type TestStrapi } from '../support/strapi';

const MANAGE = '/api/newswire/manage';

interface Refused {
  error: { status: number; details: { code: string; errors?: { path: string[] }[] } };
}

describe('Client certificates', () => {
  let app: TestStrapi;
  let api: HttpClient;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startStrapi();
    api = await app.apiToken();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await app.stop();
  });

  const refusal = (reply: Reply<Refused>) => ({
    status: reply.status,
    code: reply.body.error.details.code,
  });

  it('are kept while they are in use, and show their public half alone', async () => {
    const certificate = `${DESK}\n${ISSUER}`;
    const certificates = `${MANAGE}/client-certificates`;
    const create = (body: object) =>
      api.post<{ data: ClientCertificate } & Refused>(certificates, body);
    const encrypted = { private_key: DESK_KEY_ENCRYPTED, passphrase: 'opensesame' };
    const made = await create({ name: 'Desk', certificate, ...encrypted });
    expect(made.status).toBe(201);
    expect(made.body.data).toMatchObject({
      name: 'Desk',
      subject: 'CN=desk.example.com',
      not_after: '2120-01-01T00:00:00.000Z',
    });
    const { id } = made.body.data;
    const answers = [made, await api.get(certificates), await api.get(`${certificates}/${id}`)];
    for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(/PRIVATE|opensesame/);
    expect(answers[1]?.body).toMatchObject({ data: [{ id }], meta: { has_more: false } });

    const wrong = await create({ name: 'Desk', certificate: ISSUER, private_key: DESK_KEY });
    expect(refusal(wrong)).toEqual({ status: 400, code: 'invalid_body' });
    expect(wrong.body.error.details.errors?.map((one) => one.path)).toEqual([['private_key']]);

    const stranger = await api.post<Refused>(`${MANAGE}/subscriptions`, {
      name: 'Desk',
      destination: { url: receiver.url(), client_certificate_id: 'none' },
      event_types: ['*'],
    });
    expect(refusal(stranger)).toEqual({ status: 400, code: 'invalid_body' });
    expect(stranger.body.error.details.errors?.map((one) => one.path)).toEqual([
      ['destination', 'client_certificate_id'],
    ]);

    const subscribed = await api.post<{ data: CreatedSubscription }>(`${MANAGE}/subscriptions`, {
      name: 'Desk',
      destination: { url: receiver.url() },
      event_types: ['entry.*'],
    });
    const path = `${MANAGE}/subscriptions/${subscribed.body.data.id}`;
    const patch = { destination: { client_certificate_id: id } };
    expect((await api.patch(path, patch)).status).toBe(200);
    expect((await api.post(`${path}/test`)).body).toMatchObject({ data: { outcome: 'delivered' } });
    const used = await api.delete<Refused>(`${certificates}/${id}`);
    expect(refusal(used)).toEqual({ status: 409, code: 'in_use' });
    await api.delete(path);
    expect((await api.delete(`${certificates}/${id}`)).status).toBe(204);
    expect((await api.get(`${certificates}/${id}`)).status).toBe(404);
  });
});
