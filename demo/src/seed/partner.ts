import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Core } from '@strapi/strapi';

/** What is kept of the partner that the demo made. */
interface Kept {
  partnerId: string;
}

const FEED = 'streamly';

/** Makes a partner with a feed, and hands its token to whoever has started the demo: it is shown once. */
export async function ensurePartner(strapi: Core.Strapi): Promise<void> {
  const store = strapi.store({ type: 'api', name: 'northlight' });
  const kept = (await store.get({ key: 'partner' })) as Kept | null;
  try {
    const partnerId = kept?.partnerId ?? (await createPartner(strapi));
    if (!kept) await store.set({ key: 'partner', value: { partnerId } satisfies Kept });
    if (await isHandedOver(strapi, partnerId)) return;
    const { token } = await strapi
      .plugin('newswire')
      .service('partnerTokens')
      .create(partnerId, { name: 'Demo reader', scopes: ['feeds:read', 'callbacks:write'] });
    await handOver(strapi, { partnerId, token, feed: FEED });
  } catch (error) {
    // Whoever deleted the partner in the panel meant it.
    strapi.log.warn(
      `No partner for the demo: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function createPartner(strapi: Core.Strapi): Promise<string> {
  const newswire = strapi.plugin('newswire');
  const { id } = await newswire.service('partners').create({
    name: 'Streamly',
    contacts: [{ name: 'Inès Marchand', email: 'ines@streamly.example', role: 'Acquisitions' }],
    territories: ['FR', 'GB'],
  });
  await newswire.service('feeds').create({
    slug: FEED,
    title: 'Northlight for Streamly',
    description: 'Titles, files, rights and slates that Streamly may have.',
    partner_ids: [id],
    event_types: ['content.*', 'rights.*', 'slate.*', 'title.*', 'license.*', 'edition.*'],
  });
  return id;
}

async function isHandedOver(strapi: Core.Strapi, partnerId: string): Promise<boolean> {
  const text = await readFile(fileOf(strapi), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(text) as { partnerId?: string }).partnerId === partnerId;
  } catch {
    return false;
  }
}

async function handOver(
  strapi: Core.Strapi,
  given: { partnerId: string; token: string; feed: string },
): Promise<void> {
  const file = fileOf(strapi);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(given, null, 2)}\n`, { mode: 0o600 });
}

function fileOf(strapi: Core.Strapi): string {
  return process.env.PARTNER_FILE ?? path.join(strapi.dirs.app.root, '.tmp', 'partner.json');
}
