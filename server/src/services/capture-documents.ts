import type { Core, Modules } from '@strapi/strapi';
import { isWriteAction } from '../domain/change';
import type { WriteAction } from '../domain/change';
import type { Database } from '../store/database';
import type { Capture } from './capture';
import { isCovered, runInScope } from './capture-scope';
import type { CaptureScope } from './capture-scope';
import { lockDocument } from './document-states';
import type { DocumentStates } from './document-states';
import { inTransaction } from './transaction';
import type { OnCommit } from './transaction';

type Middleware = Modules.Documents.Middleware.Middleware;

/** A write that is under way, and the transaction it is in. */
interface Write {
  uid: string;
  action: WriteAction;
  trx: Database;
  onCommit: OnCommit;
  next: () => Promise<unknown>;
}

/**
 * The document-service middleware that captures every write. It must be the outermost one: Strapi's own transaction is
 * inside all middlewares, so only a transaction opened here, around `next()`, holds content and events together.
 */
export function documentMiddleware(strapi: Core.Strapi, capture: Capture): Middleware {
  const middleware = async (
    context: { uid: string; action: string; params: unknown },
    next: () => Promise<unknown>,
  ): Promise<unknown> => {
    const { uid, action } = context;
    if (!isWriteAction(action) || !capture.watches(uid, action)) {
      return next();
    }
    const documentId = documentIdOf(context.params);
    const known = action === 'clone' ? null : documentId;
    if (known !== null && isCovered(uid, known)) {
      return next();
    }
    return inTransaction(strapi, async (trx, onCommit) => {
      const write: Write = { uid, action, trx, onCommit, next };
      return known === null
        ? captureCreated(capture, write)
        : captureKnown(strapi, capture, { ...write, documentId: known });
    });
  };
  return middleware as unknown as Middleware;
}

async function captureKnown(
  strapi: Core.Strapi,
  capture: Capture,
  write: Write & { documentId: string },
): Promise<unknown> {
  const { uid, documentId, trx } = write;
  await lockDocument(strapi, trx, { uid, documentId });
  const before = versionsOf(await capture.read(uid, [documentId]), documentId);
  const scope: CaptureScope = {
    uid,
    documentIds: new Set([documentId]),
    rowIds: new Set([...before.values()].map((version) => version.state['id'])),
    creates: false,
  };
  const result = await runInScope(scope, write.next);
  const after = versionsOf(await capture.read(uid, [documentId]), documentId);
  await capture.record(trx, { ...write, before, after });
  return result;
}

async function captureCreated(capture: Capture, write: Write): Promise<unknown> {
  const { uid, trx } = write;
  const scope: CaptureScope = {
    uid,
    documentIds: new Set(),
    rowIds: new Set(),
    creates: true,
  };
  const result = await runInScope(scope, write.next);
  const created = [...scope.documentIds];
  const states = await capture.read(uid, created);
  for (const documentId of created) {
    const after = versionsOf(states, documentId);
    await capture.record(trx, { ...write, documentId, before: new Map(), after });
  }
  return result;
}

function versionsOf(states: Map<string, DocumentStates>, documentId: string): DocumentStates {
  return states.get(documentId) ?? new Map<never, never>();
}

/** The document that a call is about: named by its caller, or in the data of a create that adds a locale. */
function documentIdOf(params: unknown): string | null {
  const { documentId, data } = params as {
    documentId?: unknown;
    data?: { documentId?: unknown };
  };
  const id = documentId ?? data?.documentId;
  return typeof id === 'string' && id !== '' ? id : null;
}
