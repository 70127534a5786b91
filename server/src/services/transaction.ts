import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Database } from '../store/database';

/** Registers what is to happen after the commit of the outermost transaction; Strapi calls it unguarded. */
export type OnCommit = (callback: () => void) => void;

/**
 * Runs work in Strapi's transaction: in the one that is under way, if there is one, or in one of its own.
 *
 * Strapi takes a commit that fails for one that succeeds (the connection was lost meanwhile): knex tells of it by
 * `executionPromise` alone. Without a look at that, a save is confirmed and gone.
 */
export async function inTransaction<T>(
  strapi: Core.Strapi,
  work: (trx: Database, onCommit: OnCommit) => Promise<T>,
): Promise<T> {
  const outermost = !strapi.db.inTransaction();
  let own: Knex.Transaction | undefined;
  // Strapi's types leave the transaction untyped.
  const result = (await strapi.db.transaction((given) => {
    const { trx, onCommit } = given as { trx: Knex.Transaction; onCommit: OnCommit };
    own = trx;
    return work(trx, onCommit);
  })) as T;
  if (outermost) {
    await own?.executionPromise;
  }
  return result;
}
