import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { Delivery } from '../../server/src/contracts/delivery';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

interface Sent {
  to: string;
  subject: string;
  text: string;
}

const PERSON = 'api::person.person';

describe("The owner's mail when an endpoint is gone for good", () => {
  let app: TestStrapi;
  let admin: HttpClient;
  let receiver: Receiver;
  let sent: Sent[] = [];

  beforeAll(async () => {
    app = await startStrapi();
    admin = await app.admin();
    receiver = await startReceiver(410);
  });

  afterAll(async () => {
    await receiver.close();
    await app.stop();
  });

  afterEach(() => {
    sent = [];
  });

  /** A provider as the e-mail plugin loads it, in the place of the one it has loaded. */
  const provider = (send: (mail: Sent) => Promise<void>) => {
    (app.strapi.plugin('email') as unknown as { provider: object }).provider = { send };
  };
  const configure = (defaultFrom: string) =>
    app.strapi.config.set('plugin::email.settings.defaultFrom', defaultFrom);
  const goneFor = async (name: string) => {
    const { body } = await admin.post<{ data: CreatedSubscription }>('/newswire/subscriptions', {
      name,
      owner_email: 'owner@example.com',
      destination: { url: receiver.url('/in/secret-path'), headers: { 'X-Key': 'secret-value' } },
      event_types: ['entry.created'],
    });
    const slug = `s-${Math.random()}`;
    const data = { name: 'Ana', slug, title: 'Counsel', executive_role: 'legal' };
    await app.strapi.documents(PERSON).create({ data: data as never });
    await waitFor(
      async () => (await dead(body.data.id)).length === 1,
      5_000,
      'the delivery to be dead',
    );
    return body.data;
  };
  const dead = async (id: string) =>
    (
      await admin.get<{ data: Delivery[] }>(
        `/newswire/deliveries?subscription_id=${id}&status=dead`,
      )
    ).body.data;

  it('is sent by the e-mail plugin, with what to do, and with no secret', async () => {
    configure('Newsroom <cms@example.com>');
    provider((mail) => {
      sent.push(mail);
      return Promise.resolve();
    });
    const subscription = await goneFor('Contracts desk');
    await waitFor(() => sent.length === 1, 5_000, 'the mail');
    expect(sent[0]).toMatchObject({
      to: 'owner@example.com',
      subject: '[Newswire] "Contracts desk" was disabled',
    });
    expect(sent[0]?.text).toMatch(/410/);
    expect(sent[0]?.text).toContain(`/plugins/newswire/subscriptions/${subscription.id}`);
    expect(sent[0]?.text).not.toMatch(/secret|Ana/);
    expect(sent[0]?.text).not.toContain(subscription.secret);
  });

  it('costs no delivery anything when the mail server refuses it', async () => {
    configure('Newsroom <cms@example.com>');
    provider(() => Promise.reject(new Error('550 no such user')));
    const subscription = await goneFor('Refused');
    expect((await dead(subscription.id))[0]).toMatchObject({ attempts: 1, status: 'dead' });
  });

  it('is not sent by an e-mail plugin that nobody has configured', async () => {
    configure('Strapi <no-reply@strapi.io>');
    provider((mail) => {
      sent.push(mail);
      return Promise.resolve();
    });
    await goneFor('Nobody');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sent).toEqual([]);
  });
});
