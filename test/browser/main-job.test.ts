import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../server/src/domain/event';
import { openBrowser } from '../support/browser';
import type { Browser } from '../support/browser';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { Receiver, ReceivedRequest } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { logIn } from './log-in';

const PEOPLE = '/content-manager/collection-types/api::person.person';
const FORMER = 'Executive Director, Scripted Originals';

describe('The main job, in a browser, on the production build', () => {
  let app: TestStrapi;
  let api: HttpClient;
  let receiver: Receiver;
  let browser: Browser;
  let page: Page;
  let secret = '';

  beforeAll(async () => {
    app = await startStrapi({ panel: true });
    api = await app.admin();
    receiver = await startReceiver();
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

  it('an empty panel says what to do next', async () => {
    await page.getByRole('link', { name: 'Newswire' }).click();
    await page.getByRole('heading', { name: 'Subscriptions', level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: /create/i }).count()).toBeGreaterThan(0);
  });

  it('an admin is told beside the field what is wrong with it', async () => {
    await page
      .getByRole('link', { name: /create/i })
      .first()
      .click();
    await page.getByLabel(/^Name/).fill('Contracts desk');
    await page.getByLabel(/^URL/).fill('not a url');
    await chooseEventType(page, 'executive.*');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/This is no URL/).waitFor();
    await page.getByLabel(/^URL/).fill('https://ana:secret@hooks.example.com/');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText(/Must not contain a user name or password/)
      .first()
      .waitFor();
  });

  it('an admin creates a subscription and is shown its secret once', async () => {
    await page.getByLabel(/^URL/).fill(receiver.url());
    await page.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog');
    secret = await dialog.getByRole('textbox').first().inputValue();
    expect(secret).toMatch(/^whsec_.{44}$/);
    await dialog.getByRole('button').last().click();
    await open('subscriptions');
    await page.getByRole('link', { name: 'Contracts desk' }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it('an editor promotes a person, and within a second the receiver has a verified event', async () => {
    const person = await api.post<{ data: { documentId: string } }>(PEOPLE, {
      name: 'Lee Mason',
      slug: 'lee-mason',
      title: FORMER,
      executive_role: 'commissioner',
    });
    await receiver.received(1);
    await page.goto(`${app.url}/admin${PEOPLE}/${person.body.data.documentId}`);
    await page.locator('input[name=title]').fill('VP, Scripted');
    await page.getByRole('button', { name: 'Save' }).click();
    const [, request] = await receiver.received(2, 10_000);
    const event = JSON.parse(String(request?.body)) as EventBody;
    expect(event).toMatchObject({
      event_type: 'executive.commissioner.promoted',
      actor: { type: 'admin', display_name: 'Angela Jain' },
      payload: { name: 'Lee Mason', previous_title: FORMER, new_title: 'VP, Scripted' },
    });
    expect(request?.headers['x-signature']).toBe(signature(secret, request));
    expect((request?.at ?? Infinity) - Date.parse(event.occurred_at)).toBeLessThan(1_000);
  });

  it('the delivery log shows it delivered, with its attempt', async () => {
    await open('deliveries');
    const row = page.getByRole('row', { name: /executive\.commissioner\.promoted/ });
    await row.getByText('Delivered').waitFor();
    await row.getByRole('link', { name: 'executive.commissioner.promoted' }).click();
    await page.getByRole('heading', { name: 'executive.commissioner.promoted' }).waitFor();
    await page.getByText(/204/).first().waitFor();
    await page.getByText('X-Signature-KID').first().waitFor();
  });

  it('a dead letter is found by its status and retried with one button', async () => {
    receiver.answer(404);
    await api.post(PEOPLE, {
      name: 'Ada Quist',
      slug: 'ada-quist',
      title: 'Commissioning Editor',
      executive_role: 'commissioner',
    });
    await receiver.received(3);
    await open('deliveries?status=dead');
    const row = page.getByRole('row', { name: /executive\.commissioner\.created/ });
    await row.getByRole('link').first().click();
    await page.getByText(/404/).first().waitFor();
    receiver.answer(204);
    await page.getByRole('button', { name: /retry/i }).click();
    await receiver.received(4);
    await page.getByText('Delivered').first().waitFor();
  });

  it('an admin sends a test event and sees its attempt', async () => {
    await open('subscriptions');
    await page.getByRole('link', { name: 'Contracts desk' }).click();
    await page.getByRole('button', { name: /send test event/i }).click();
    const requests = await receiver.received(5);
    expect(requests[4]?.headers['x-event-type']).toBe('webhook.test');
    await page.getByRole('dialog').getByText(/204/).first().waitFor();
  });

  it('an admin edits the subscription, and what is not touched stays as it was', async () => {
    await open('subscriptions');
    await page.getByRole('link', { name: 'Contracts desk' }).click();
    await page.getByLabel(/^Name/).fill('Contracts and rights');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Contracts and rights' }).waitFor();
    const { body } = await api.get<{ data: { name: string; event_types: string[] }[] }>(
      '/newswire/subscriptions',
    );
    expect(body.data).toMatchObject([
      { name: 'Contracts and rights', event_types: ['executive.*'], state: 'active' },
    ]);
  });

  it('no page of ours has logged an error', () => {
    expect(browser.errors.filter((error) => /newswire/i.test(error))).toEqual([]);
  });
});

async function chooseEventType(page: Page, pattern: string): Promise<void> {
  const field = page.getByRole('combobox', { name: /^Event types/ });
  await field.fill(pattern);
  await field.press('Enter');
}

function signature(secret: string, request: ReceivedRequest | undefined): string {
  return `sha256=${createHmac('sha256', secret)
    .update(request?.body ?? '')
    .digest('hex')}`;
}
