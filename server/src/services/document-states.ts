import type { Core } from '@strapi/strapi';
import type { DocumentState } from '../domain/change';
import type { ContentTypeShape } from '../domain/content-type';
import type { CountedState, Populate } from '../domain/definition';
import type { VersionRef } from '../domain/moments';
import { dialectOf } from '../store/database';
import type { Database } from '../store/database';
import { showPublishedTargets } from './published-targets';

/** The counted versions of one document: by locale and status. */
export type DocumentStates = Map<
  string,
  { locale: string | null; status: CountedState; state: DocumentState }
>;

/**
 * Locks a document's rows until the transaction ends. Without it the state before is read before another writer
 * commits, and differences are wrong; and events of one document could be logged in another order than its commits.
 * SQLite has one writer at a time anyway.
 *
 * A statement of its own, before the read: one that locks and reads would miss what the other writer has inserted, since
 * PostgreSQL looks again only at the rows that it had to wait for.
 */
export async function lockDocument(
  strapi: Core.Strapi,
  trx: Database,
  input: { uid: string; documentId: string },
): Promise<void> {
  if (dialectOf(trx) === 'sqlite') {
    return;
  }
  const { tableName } = strapi.db.metadata.get(input.uid);
  await trx(tableName)
    .where({ document_id: input.documentId })
    .orderBy('id')
    .forUpdate()
    .select('id');
}

/** Reads all versions of some documents, in every locale, within the transaction that is under way. */
export async function readStates(
  strapi: Core.Strapi,
  input: { type: ContentTypeShape; documentIds: string[]; populate: Populate },
): Promise<Map<string, DocumentStates>> {
  const states = new Map<string, DocumentStates>(
    input.documentIds.map((documentId) => [documentId, new Map()]),
  );
  if (input.documentIds.length === 0) {
    return states;
  }
  const rows = (await strapi.db.query(input.type.uid).findMany({
    where: { documentId: { $in: input.documentIds } },
    populate: input.populate,
    orderBy: { id: 'asc' },
  })) as DocumentState[];
  await showPublishedTargets(strapi, { ...input, states: rows });
  for (const state of rows) {
    const locale = input.type.localized ? ((state['locale'] as string | null) ?? null) : null;
    const status = statusOf(input.type, state);
    // Rows come by id, so where concurrent publishes have left several published rows, the newest one counts.
    const versions = states.get(String(state['documentId']));
    versions?.set(keyOf({ locale, status }), { locale, status, state });
  }
  return states;
}

/** A type without draft and publish has one state, and that counts as the published one. */
function statusOf(type: ContentTypeShape, state: DocumentState): CountedState {
  const isDraft = type.draftAndPublish && (state['publishedAt'] ?? null) === null;
  return isDraft ? 'draft' : 'published';
}

/** One version's state; null where there is none. */
export function stateIn(
  versions: DocumentStates | undefined,
  version: Pick<VersionRef, 'locale' | 'status'>,
): DocumentState | null {
  return versions?.get(keyOf(version))?.state ?? null;
}

function keyOf({ locale, status }: Pick<VersionRef, 'locale' | 'status'>): string {
  return `${locale}|${status}`;
}
