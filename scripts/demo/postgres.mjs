/** PostgreSQL's `invalid_catalog_name`: the server is there, the database is not. */
const NO_SUCH_DATABASE = '3D000';

/**
 * Opens the PostgreSQL database that a URL names, and creates it where there is none.
 *
 * @param {URL} url
 */
export async function connect(url) {
  const { default: pg } = await import('pg');
  const name = decodeURIComponent(url.pathname.slice(1));
  let created = false;
  const client = await open(pg, url).catch(async (error) => {
    if (error.code !== NO_SUCH_DATABASE) {
      throw new Error(`PostgreSQL at ${url.host} cannot be used: ${error.message || error.code}`);
    }
    await createDatabase(pg, url, name);
    created = true;
    return open(pg, url);
  });
  return {
    name: `PostgreSQL, ${name}`,
    created,
    async tables() {
      const { rows } = await client.query(
        'select tablename as name from pg_tables where schemaname = current_schema()',
      );
      return rows.map((row) => row.name);
    },
    async empty(tables) {
      const list = tables.map((table) => pg.escapeIdentifier(table)).join(', ');
      await client.query(`drop table ${list} cascade`);
    },
    close: () => client.end(),
  };
}

async function createDatabase(pg, url, name) {
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = await open(pg, server);
  await client.query(`create database ${pg.escapeIdentifier(name)}`);
  await client.end();
}

async function open(pg, url) {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}
