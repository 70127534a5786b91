import { expect, it } from 'vitest';
import { openBrowser } from '../support/browser';
import { packagedChromium } from '../support/packaged-chromium';
import { startReceiver } from '../support/receiver';

/** Machines without a Chromium of their own run all other tests here on this one. */
it('opens a page with a form and runs its script in the Chromium that comes from npm', async () => {
  const server = await startReceiver({
    status: 200,
    headers: { 'content-type': 'text/html' },
    // Without a font it ends itself at the first field.
    body: '<input placeholder="kai@doe.com"><button onclick="this.textContent = 6 * 7">?</button>',
  });
  const { page, close } = await openBrowser(await packagedChromium());
  await page.goto(server.url());
  await page.click('button');
  expect(await page.textContent('button')).toBe('42');
  await close();
  await server.close();
});
