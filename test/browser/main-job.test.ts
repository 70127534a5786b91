import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../server/src/domain/event';
import { openBrowser } from '../support/browser';
import type { Browser } from '../support/browser';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { ADMIN, startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const FORMER = 'Executive Director, Scripted Originals';

describe('The main job, in a browser, on the production build', () => {
  let app: TestStrapi;
  let receiver: Receiver;
  let browser: Browser;
  let page: Page;
  let secret = '';

  beforeAll(async () => {
    app = await startStrapi({ panel: true });
    await app.admin();
    receiver = await startReceiver();
    browser = await openBrowser();
    ({ page } = browser);
    await page.goto(`${app.url}/admin`);
    await page.getByLabel('Email').fill(ADMIN.email);
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await page.getByRole('button', { name: 'Login' }).click();
    await page.getByRole('link', { name: 'Newswire' }).waitFor();
  });

  afterAll(async () => {
    await browser.close();
    await receiver.close();
    await app.stop();
  });

  it('an admin creates a subscription and is shown its secret once', async () => {
    await page.getByRole('link', { name: 'Newswire' }).click();
    await page.screenshot({ path: '/tmp/shot-1.png' });
    await page.getByRole('link', { name: /create/i }).first().click();
    await page.waitForTimeout(500);
    await page.screenshot({ path: '/tmp/shot-2.png' });
  });
});
