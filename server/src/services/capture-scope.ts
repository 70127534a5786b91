import { AsyncLocalStorage } from 'node:async_hooks';

/** A document-service call that captures its own document: database hooks within it have nothing to add. */
export interface CaptureScope {
  uid: string;
  /** Documents whose states before and after the call reads itself. */
  documentIds: Set<string>;
  /** Row ids of those documents, so that a hook that knows only a row's id need not look up its document. */
  rowIds: Set<unknown>;
  /** True for create and clone, whose documents are known only once they are there. */
  creates: boolean;
}

interface Nested {
  scope: CaptureScope;
  outer: Nested | undefined;
}

const storage = new AsyncLocalStorage<Nested>();

export function runInScope<T>(scope: CaptureScope, work: () => Promise<T>): Promise<T> {
  return storage.run({ scope, outer: storage.getStore() }, work);
}

/** The scopes on this content type that the work under way is part of, innermost first. */
export function enclosingScopes(uid: string): CaptureScope[] {
  const scopes: CaptureScope[] = [];
  for (let nested = storage.getStore(); nested; nested = nested.outer) {
    if (nested.scope.uid === uid) {
      scopes.push(nested.scope);
    }
  }
  return scopes;
}

/** True when an enclosing call reads this document's states itself. */
export function isCovered(uid: string, documentId: string): boolean {
  return enclosingScopes(uid).some((scope) => scope.documentIds.has(documentId));
}
