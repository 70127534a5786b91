import { z } from 'zod';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineEvent, edition } from '../../config';
import type { ListAnswer } from '../../server/src/contracts/common';
import type { StoredEvent } from '../../server/src/contracts/event';
import { openBrowser } from '../support/browser';
import type { Browser } from '../support/browser';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { logIn } from './log-in';

const PEOPLE = '/content-manager/collection-types/api::person.person';

const hired = defineEvent({
  type: 'person.hired',
  version: '1.0.0',
  summary: 'Somebody was hired.',
  source: { uid: 'api::person.person' },
  payload: z.strictObject({ name: z.string(), profile: z.string() }),
  examples: [{ name: 'Lee Mason', profile: 'https://cms.example/people/lee-mason' }],
  rules: [
    {
      code: 'profile_not_secure',
      summary: 'Profiles are served by HTTPS.',
      check: ({ profile }) =>
        profile.startsWith('https:')
          ? []
          : [{ path: 'profile', message: 'must begin with https:' }],
    },
  ],
  when: ({ before }) => before === null,
  build: ({ after }) => ({
    name: String(after?.['name']),
    profile: String(after?.['profile_url']),
  }),
});

describe('The catalogue, in a browser', () => {
  let app: TestStrapi;
  let api: HttpClient;
  let receiver: Receiver;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    app = await startStrapi({
      panel: true,
      options: (options) => ({
        ...options,
        presets: [
          edition({
            uid: 'api::edition.edition',
            fields: { name: 'name', start: 'start', end: 'end' },
          }),
        ],
        events: [hired],
      }),
    });
    api = await app.admin();
    receiver = await startReceiver();
    await api.post('/newswire/subscriptions', {
      name: 'Human resources',
      destination: { url: receiver.url() },
      event_types: ['person.*'],
    });
    browser = await openBrowser();
    ({ page } = browser);
    await logIn(page, app);
  });

  afterAll(async () => {
    await browser.close();
    await receiver.close();
    await app.stop();
  });

  const open = (path: string) => page.goto(`${app.url}/admin/plugins/newswire/${path}`);

  it('lists what there is, and finds it by a word of its summary', async () => {
    await open('catalogue');
    await page.getByRole('link', { name: 'edition.scheduled', exact: true }).waitFor();
    await page.getByRole('searchbox').fill('hired');
    await page.getByRole('searchbox').press('Enter');
    await page
      .getByRole('link', { name: 'edition.scheduled', exact: true })
      .waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'person.hired' }).click();
  });

  it('tells of an event type who asks for it, its rules, an example and its schema', async () => {
    await page.getByRole('heading', { name: 'person.hired', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Human resources' }).waitFor();
    await page.getByText('Profiles are served by HTTPS. (profile_not_secure)').waitFor();
    const example = page.getByRole('region', { name: 'JSON', exact: true });
    expect(await example.textContent()).toContain('"name": "Lee Mason"');
    const schema = page.getByRole('region', { name: 'JSON Schema', exact: true });
    expect(await schema.textContent()).toContain('https://json-schema.org/draft/2020-12/schema');
    await page.getByText('0 times').waitFor();
  });

  it('shows an invalid event with its reasons, and releases it once the record is mended', async () => {
    const saved = await api.post<{ data: { documentId: string } }>(PEOPLE, {
      name: 'Noa Bright',
      slug: 'noa-bright',
      title: 'Counsel',
      executive_role: 'legal',
      profile_url: 'http://cms.example/noa',
    });
    const { body } = await api.get<ListAnswer<StoredEvent>>('/newswire/events?status=invalid');
    await open('catalogue/person.hired');
    await page.getByText('1 event of this type is invalid and was not delivered').waitFor();
    await page.getByRole('link', { name: 'Show them' }).click();
    await page
      .getByRole('row', { name: /person\.hired/ })
      .getByRole('link')
      .first()
      .click();
    await page.getByText('payload.profile: must begin with https: (profile_not_secure)').waitFor();

    await page.getByRole('button', { name: 'Validate again' }).click();
    await page
      .getByText(/The event is still invalid/)
      .first()
      .waitFor();
    await api.put(`${PEOPLE}/${saved.body.data.documentId}`, {
      profile_url: 'https://cms.example/noa',
    });
    await page.getByRole('button', { name: 'Validate again' }).click();
    await page
      .getByText(/The event is valid now/)
      .first()
      .waitFor();
    const [request] = await receiver.received(1, 10_000);
    expect(request?.headers['webhook-id']).toBe(body.data[0]?.event_id);
    await page.getByRole('button', { name: 'Validate again' }).waitFor({ state: 'detached' });
  });

  it('says so where there is no such event type', async () => {
    await open('catalogue/person.fired');
    await page.getByText(/does not exist \(any more\)/).waitFor();
  });

  it('no page of ours has logged an error but for what was asked for and is not there', () => {
    const ours = browser.errors.filter((error) => /newswire/i.test(error));
    expect(ours.filter((error) => !error.includes('404'))).toEqual([]);
  });
});
