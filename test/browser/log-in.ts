import type { Page } from 'playwright-core';
import { ADMIN } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

/** Logs in at the panel as super admin; ends where Newswire is in sight. */
export async function logIn(page: Page, app: TestStrapi): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.goto(`${app.url}/admin`);
  await page.locator('input[name=email]').fill(ADMIN.email);
  await page.locator('input[name=password]').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Login' }).click();
  await page.getByRole('link', { name: 'Newswire' }).waitFor();
}
