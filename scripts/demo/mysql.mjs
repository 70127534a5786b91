/**
 * Opens the MySQL or MariaDB database that a URL names, and creates it where there is none.
 *
 * @param {URL} url
 */
export async function connect(url) {
  const { createConnection, escapeId } = await import('mysql2/promise');
  const name = decodeURIComponent(url.pathname.slice(1));
  const client = await createConnection({
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }).catch((error) => {
    throw new Error(`MySQL at ${url.host} cannot be used: ${error.message || error.code}`);
  });
  const [found] = await client.query('show databases where `Database` = ?', [name]);
  const created = found.length === 0;
  if (created) {
    await client.query(`create database ${escapeId(name)} character set utf8mb4`);
  }
  await client.query(`use ${escapeId(name)}`);
  return {
    name: `MySQL, ${name}`,
    created,
    async tables() {
      const [rows] = await client.query(
        'select table_name as name from information_schema.tables where table_schema = ?',
        [name],
      );
      return rows.map((row) => row.name);
    },
    async empty(tables) {
      // The tables refer to each other; in whatever order they go, one would go too early.
      await client.query('set foreign_key_checks = 0');
      await client.query(`drop table ${tables.map((table) => escapeId(table)).join(', ')}`);
    },
    close: () => client.end(),
  };
}
