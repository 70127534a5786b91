/** Tables that only the demo has. */
const OWN_TABLES = ['role_assignments', 'licence_offers'];

/**
 * Makes the database ready for Strapi: there, the demo's, and empty where that is asked for.
 *
 * Strapi drops tables of content types that it does not know any more. So a database of another Strapi
 * application is refused even without `fresh`, and nothing but a demo's database is ever emptied.
 *
 * @param {{ url: URL | null, file: string, fresh: boolean }} options the server's database, or the SQLite file
 * @returns {Promise<string>} what was done, in words
 */
export async function prepareDatabase({ url, file, fresh }) {
  const database = await connect(url, file);
  try {
    if (database.created) {
      return `${database.name}, new`;
    }
    const tables = await database.tables();
    refuseForeign(database.name, tables, fresh);
    if (fresh && tables.length > 0) {
      await database.empty(tables);
      return `${database.name}, emptied`;
    }
    return database.name;
  } finally {
    await database.close();
  }
}

async function connect(url, file) {
  if (url === null) {
    return (await import('./sqlite.mjs')).connect(file);
  }
  const mysql = /^(mysql|mariadb):$/.test(url.protocol);
  const driver = mysql ? await import('./mysql.mjs') : await import('./postgres.mjs');
  return driver.connect(url);
}

function refuseForeign(name, tables, fresh) {
  if (tables.length === 0 || OWN_TABLES.some((table) => tables.includes(table))) {
    return;
  }
  // What a first start leaves behind that was cut short.
  if (tables.every((table) => /^(strapi|newswire)_/.test(table))) {
    return;
  }
  if (fresh || tables.includes('strapi_core_store_settings')) {
    const examples = tables.slice(0, 3).join(', ');
    throw new Error(
      `The database (${name}) is not the demo's: it holds ${examples}… Name another one; what is not there is created.`,
    );
  }
}
