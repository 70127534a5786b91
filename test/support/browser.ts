import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium as playwright, type Page } from 'playwright-core';
import { enter } from './leftovers';
import { packagedChromium, type Chromium } from './packaged-chromium';

const DEBIAN = '/usr/bin/chromium';

/** Nothing that the tests do not ask for: no sandbox as root, no graphics card, no calls home. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser to test with: CHROMIUM_PATH, else Debian's, else the one inside an npm package. */
async function findChromium(): Promise<Chromium> {
  if (process.env.CHROMIUM_PATH) return { executablePath: process.env.CHROMIUM_PATH, env: {} };
  if (existsSync(DEBIAN)) return { executablePath: DEBIAN, env: {} };
  return packagedChromium();
}

export interface Browser {
  page: Page;
  /** What the page has logged as errors, exceptions included. */
  errors: string[];
  close(): Promise<void>;
}

/** Opens a page in a browser with a fresh profile. */
export async function openBrowser(chromium?: Chromium): Promise<Browser> {
  const { executablePath, env } = chromium ?? (await findChromium());
  const profile = mkdtempSync(path.join(tmpdir(), 'newswire-browser-'));
  const context = await playwright.launchPersistentContext(profile, {
    executablePath,
    env: { ...(process.env as Record<string, string>), ...env },
    args: FLAGS,
    chromiumSandbox: false,
    viewport: { width: 1400, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const close = async () => {
    strikeOff();
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  const strikeOff = enter('a browser', close);

  const page = context.pages()[0] ?? (await context.newPage());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, errors, close };
}
