import type { Core } from '@strapi/strapi';

/** Types of the demo that have a version per locale; see {@link grantLocales}. */
const LOCALISED = ['api::title.title'];

const PASSWORD = 'Newswire1!';

interface Account {
  email: string;
  firstname: string;
  lastname: string;
  /** Code of a role that Strapi makes on its first start. */
  role: 'strapi-super-admin' | 'strapi-editor';
}

const ACCOUNTS: Account[] = [
  {
    email: 'admin@example.com',
    firstname: 'Angela',
    lastname: 'Jain',
    role: 'strapi-super-admin',
  },
  { email: 'editor@example.com', firstname: 'Robin', lastname: 'Hale', role: 'strapi-editor' },
];

/** Makes the two logins of the demo, and lets editors do everything in every locale. */
export async function createAccounts(strapi: Core.Strapi, locales: string[]): Promise<void> {
  for (const { role: code, ...person } of ACCOUNTS) {
    const role = await strapi.service('admin::role').findOne({ code });
    await strapi.service('admin::user').create({
      ...person,
      password: PASSWORD,
      isActive: true,
      registrationToken: null,
      roles: [role.id],
    });
    if (code === 'strapi-editor') {
      await grantLocales(strapi, role.id, locales);
    }
  }
}

/**
 * On its first start Strapi gives the Editor role every content type. A localised type it gives without
 * naming a locale, which means none, and without the right to publish and delete.
 */
async function grantLocales(strapi: Core.Strapi, roleId: number, locales: string[]): Promise<void> {
  const table = strapi.db.query('admin::permission');
  const where = { role: { id: roleId }, subject: { $in: LOCALISED } };
  for (const { id, properties } of await table.findMany({ where })) {
    await table.update({ where: { id }, data: { properties: { ...properties, locales } } });
  }
  await strapi.service('admin::role').addPermissions(
    roleId,
    LOCALISED.flatMap((subject) =>
      ['publish', 'delete'].map((action) => ({
        action: `plugin::content-manager.explorer.${action}`,
        actionParameters: {},
        subject,
        properties: { locales },
        conditions: [],
      })),
    ),
  );
}
