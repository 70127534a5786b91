import type { Core } from '@strapi/strapi';
import { createAccounts } from './accounts';
import { createContent } from './content';
import { ensurePartner } from './partner';
import { ensureSubscription } from './subscription';

const LOCALES = [
  { code: 'en', name: 'English (en)' },
  { code: 'de', name: 'German (de)' },
];

/**
 * Fills an empty database with Northlight: logins, content, a subscription for the demo's receiver, and a partner with a feed.
 * On a database that has been filled before it reads one row and is done; one that belongs to somebody
 * else it leaves alone.
 */
export async function seed(strapi: Core.Strapi): Promise<void> {
  const store = strapi.store({ type: 'api', name: 'northlight' });
  if (!(await store.get({ key: 'seeded' }))) {
    if (await isInUse(strapi)) {
      strapi.log.warn('This database holds other content, so the demo data was left out.');
      return;
    }
    // One transaction, so that a start that was cut short leaves nothing and the next one begins anew.
    await strapi.db.transaction(async () => {
      await createLocales(strapi);
      await createAccounts(
        strapi,
        LOCALES.map(({ code }) => code),
      );
      await createContent(strapi);
      await store.set({ key: 'seeded', value: true });
    });
  }
  await ensureSubscription(strapi);
  await ensurePartner(strapi);
}

async function isInUse(strapi: Core.Strapi): Promise<boolean> {
  const [people, users] = await Promise.all([
    strapi.db.query('api::person.person').count(),
    strapi.db.query('admin::user').count(),
  ]);
  return people > 0 || users > 0;
}

async function createLocales(strapi: Core.Strapi): Promise<void> {
  const locales = strapi.plugin('i18n').service('locales');
  for (const locale of LOCALES) {
    if (!(await locales.findByCode(locale.code))) {
      await locales.create(locale);
    }
  }
}
