import type { Core } from '@strapi/strapi';
import type { WriteAction } from '../domain/change';
import type { Capture } from './capture';
import { enclosingScopes, isCovered } from './capture-scope';
import type { DocumentStates } from './document-states';
import { inTransaction } from './transaction';

interface HookEvent {
  action: string;
  model: { uid: string };
  params: { where?: unknown; data?: unknown };
  state: Record<string, unknown>;
  result?: unknown;
}

/** Rows that a hook looks up at a time; a write to more is read in as many rounds. */
const LOOKUP_SIZE = 500;

/**
 * Captures what goes round the document service: `strapi.db.query()` of other plugins and of the application, removal
 * of a locale or of a users-permissions user. Where such a write runs in a transaction, content and events are
 * committed together; where its author opened none, the events follow the write at once, and a crash in between loses
 * them. Raw SQL and `strapi import` call no hook at all.
 */
export function databaseSubscriber(strapi: Core.Strapi, capture: Capture, uids: string[]) {
  const before = (action: WriteAction) => async (event: HookEvent) => {
    if (!capture.watches(event.model.uid, action)) {
      return;
    }
    const documentIds = await documentsOf(strapi, event);
    event.state['newswire'] = await readAll(capture, event.model.uid, documentIds);
  };
  const after = (action: WriteAction) => async (event: HookEvent) => {
    const known = event.state['newswire'] as Map<string, DocumentStates> | undefined;
    if (known && known.size > 0) {
      await recordAll(event.model.uid, action, known);
    }
  };
  const beforeCreate = (event: HookEvent): void => {
    event.state['newswire'] = nameDocuments(strapi, event);
  };
  const afterCreate = async (event: HookEvent): Promise<void> => {
    const created = (event.state['newswire'] ?? []) as string[];
    const { uid } = event.model;
    const [scope] = enclosingScopes(uid);
    if (scope?.creates) {
      created.forEach((documentId) => scope.documentIds.add(documentId));
    }
    const rowId = (event.result as { id?: unknown } | null | undefined)?.id;
    if (rowId !== undefined && created.some((documentId) => scope?.documentIds.has(documentId))) {
      scope?.rowIds.add(rowId);
    }
    const uncovered = capture.watches(uid, 'create')
      ? created.filter((documentId) => !isCovered(uid, documentId))
      : [];
    if (uncovered.length > 0) {
      const nothing = new Map<never, never>();
      await recordAll(uid, 'create', new Map(uncovered.map((id) => [id, nothing])));
    }
  };

  async function recordAll(
    uid: string,
    action: WriteAction,
    known: Map<string, DocumentStates>,
  ): Promise<void> {
    await inTransaction(strapi, async (trx, onCommit) => {
      const now = await readAll(capture, uid, [...known.keys()]);
      for (const [documentId, states] of known) {
        await capture.record(trx, {
          uid,
          documentId,
          action,
          before: states,
          after: now.get(documentId) ?? new Map<never, never>(),
          onCommit,
        });
      }
    });
  }

  return {
    models: uids,
    beforeCreate,
    afterCreate,
    beforeCreateMany: beforeCreate,
    afterCreateMany: afterCreate,
    beforeUpdate: before('update'),
    afterUpdate: after('update'),
    beforeUpdateMany: before('update'),
    afterUpdateMany: after('update'),
    beforeDelete: before('delete'),
    afterDelete: after('delete'),
    beforeDeleteMany: before('delete'),
    afterDeleteMany: after('delete'),
  };
}

async function readAll(
  capture: Capture,
  uid: string,
  documentIds: string[],
): Promise<Map<string, DocumentStates>> {
  const states = new Map<string, DocumentStates>();
  for (let start = 0; start < documentIds.length; start += LOOKUP_SIZE) {
    const chunk = await capture.read(uid, documentIds.slice(start, start + LOOKUP_SIZE));
    for (const [documentId, versions] of chunk) {
      states.set(documentId, versions);
    }
  }
  return states;
}

/** Documents that an update or a delete is about to touch, without those that a document-service call captures. */
async function documentsOf(strapi: Core.Strapi, event: HookEvent): Promise<string[]> {
  const { uid } = event.model;
  const rowId = (event.params.where as { id?: unknown } | undefined)?.id;
  if (enclosingScopes(uid).some((scope) => scope.rowIds.has(rowId))) {
    return [];
  }
  const rows = (await strapi.db.query(uid).findMany({
    where: event.params.where as Record<string, unknown>,
    select: ['id', 'documentId'],
  })) as { documentId: string | null }[];
  const documentIds = new Set(rows.map((row) => row.documentId).filter((id) => id !== null));
  return [...documentIds].filter((documentId) => !isCovered(uid, documentId));
}

/**
 * Gives rows that are about to be created their documentIds, by Strapi's own generator, as Strapi would a moment later.
 * What a create answers does not tell them reliably: it holds what its caller selected, and of many rows, depending on
 * the database, one id.
 */
function nameDocuments(strapi: Core.Strapi, event: HookEvent): string[] {
  const { documentId } = strapi.db.metadata.get(event.model.uid).attributes as {
    documentId?: { default?: () => string };
  };
  const generate = documentId?.default;
  if (!generate) {
    return [];
  }
  const named = (row: { documentId?: string | null }) => ({
    ...row,
    documentId: row.documentId ?? generate(),
  });
  if (Array.isArray(event.params.data)) {
    const rows = (event.params.data as object[]).map(named);
    event.params.data = rows;
    return [...new Set(rows.map((row) => row.documentId))];
  }
  if (typeof event.params.data !== 'object' || event.params.data === null) {
    return [];
  }
  const row = named(event.params.data);
  event.params.data = row;
  return [row.documentId];
}
