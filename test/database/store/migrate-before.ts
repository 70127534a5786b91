import type { Knex } from 'knex';
import { migrate } from '../../../server/src/store/migrate';
import { MIGRATIONS } from '../../../server/src/store/migrations';

/** Makes the tables as they were before a migration; returns the names of it and of all later ones. */
export async function migrateBefore(db: Knex, name: string): Promise<string[]> {
  const later = MIGRATIONS.splice(MIGRATIONS.findIndex((migration) => migration.name === name));
  try {
    await migrate(db);
  } finally {
    MIGRATIONS.push(...later);
  }
  return later.map((migration) => migration.name);
}
