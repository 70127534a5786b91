import type { DocumentState } from './change';

/**
 * The relation to a document's review stage, which Strapi adds to content types under a review workflow. It is Strapi's
 * bookkeeping and no content: no event says that it changed, and no change token. But a definition whose source populates it
 * is asked about a change of it, even where nothing else changes.
 */
export const REVIEW_STAGE = 'strapi_stage';

/** True where both states were read with their stage, and it differs. */
export function stageChanged(before: DocumentState | null, after: DocumentState | null): boolean {
  return (
    before !== null &&
    after !== null &&
    REVIEW_STAGE in before &&
    REVIEW_STAGE in after &&
    idOf(before[REVIEW_STAGE]) !== idOf(after[REVIEW_STAGE])
  );
}

function idOf(stage: unknown): unknown {
  const row = (stage ?? {}) as { id?: unknown; documentId?: unknown };
  return row.documentId ?? row.id ?? null;
}
