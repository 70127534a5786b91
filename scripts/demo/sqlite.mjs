import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Opens the demo's SQLite database. Where there is none, Strapi will create it.
 *
 * @param {string} file
 */
export async function connect(file) {
  const { default: Database } = await import('better-sqlite3');
  const created = !existsSync(file);
  const database = created ? null : new Database(file, { readonly: true });
  return {
    name: `SQLite, ${path.relative(process.cwd(), file)}`,
    created,
    tables() {
      try {
        const rows = database.prepare("select name from sqlite_master where type = 'table'").all();
        return rows.map(({ name }) => name).filter((name) => !name.startsWith('sqlite_'));
      } catch (cause) {
        throw new Error(`${file} cannot be used: ${cause.message}`, { cause });
      }
    },
    async empty() {
      database.close();
      for (const suffix of ['', '-journal', '-wal', '-shm']) {
        await rm(`${file}${suffix}`, { force: true });
      }
    },
    close: () => database?.close(),
  };
}
