/**
 * Opens the PostgreSQL database that a URL names, and creates it where there is none.
 *
 * @param {URL} url
 */
export async function connect(url) {
  const { default: pg } = await import('pg');
  const open = async (address) => {
    const client = new pg.Client({ connectionString: address.href });
    await client.connect();
    return client;
  };
  const attempt = await open(url).catch((error) => error);
  // 3D000 invalid_catalog_name: the server is there, the database is not.
  const created = attempt.code === '3D000';
  if (attempt instanceof Error && !created) {
    throw new Error(`PostgreSQL at ${url.host} cannot be used: ${attempt.message || attempt.code}`);
  }
  if (created) {
    const server = new URL(url);
    server.pathname = '/postgres';
    const client = await open(server);
    await client.query(`create database ${pg.escapeIdentifier(nameIn(url))}`);
    await client.end();
  }
  const client = created ? await open(url) : attempt;
  return {
    created,
    async tables() {
      const { rows } = await client.query(
        'select tablename as name from pg_tables where schemaname = current_schema()',
      );
      return rows.map((row) => row.name);
    },
    async drop(tables) {
      await client.query(`drop table ${tables.map(pg.escapeIdentifier).join(', ')} cascade`);
    },
    close: () => client.end(),
  };
}

function nameIn(url) {
  return decodeURIComponent(url.pathname.slice(1));
}
