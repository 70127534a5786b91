import { rm } from 'node:fs/promises';

/** Tables that only the demo has. */
const OWN_TABLES = ['role_assignments', 'licence_offers'];

/**
 * Makes the database ready for Strapi: there, the demo's, and empty where that is asked for.
 *
 * Strapi drops tables of content types that it does not know any more. So a database of another Strapi
 * application is refused even without `fresh`, and nothing but a demo's database is ever emptied.
 *
 * @param {{ url: URL, fresh: boolean }} options
 * @returns {Promise<string>} what was done, in words
 */
export async function prepareServer({ url, fresh }) {
  const mysql = /^(mysql|mariadb):$/.test(url.protocol);
  const { connect } = await import(mysql ? './mysql.mjs' : './postgres.mjs');
  const name = decodeURIComponent(url.pathname.slice(1));
  const database = await connect(url);
  try {
    if (database.created) {
      return `created ${name}`;
    }
    const tables = await database.tables();
    refuseForeign({ name, tables, fresh });
    if (fresh && tables.length > 0) {
      await database.drop(tables);
      return `emptied ${name}`;
    }
    return name;
  } finally {
    await database.close();
  }
}

function refuseForeign({ name, tables, fresh }) {
  if (tables.length === 0 || OWN_TABLES.some((table) => tables.includes(table))) {
    return;
  }
  // What a first start leaves that was cut short.
  if (tables.every((table) => /^(strapi|newswire)_/.test(table))) {
    return;
  }
  if (fresh || tables.includes('strapi_core_store_settings')) {
    const examples = tables.slice(0, 3).join(', ');
    throw new Error(
      `The database ${name} is not the demo's: it has the tables ${examples}… Name another in DATABASE_URL; one that is not there yet is created.`,
    );
  }
}

/** @param {string} file of the demo's SQLite database */
export async function removeFile(file) {
  for (const suffix of ['', '-journal', '-wal', '-shm']) {
    await rm(`${file}${suffix}`, { force: true });
  }
}
