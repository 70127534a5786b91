import type { Core } from '@strapi/strapi';
import type { Database } from '../store/database';

/** Registers what is to happen after the commit of the outermost transaction; Strapi calls it unguarded. */
export type OnCommit = (callback: () => void) => void;

/** Runs work in Strapi's transaction: in the one that is under way, if there is one, or in one of its own. */
export async function inTransaction<T>(
  strapi: Core.Strapi,
  work: (trx: Database, onCommit: OnCommit) => Promise<T>,
): Promise<T> {
  // Strapi's types leave the transaction untyped.
  return strapi.db.transaction((given) => {
    const { trx, onCommit } = given as { trx: Database; onCommit: OnCommit };
    return work(trx, onCommit);
  }) as Promise<T>;
}
