/** Write actions of the document service, and what goes round it. */
export const WRITE_ACTIONS = [
  'create',
  'update',
  'publish',
  'unpublish',
  'discardDraft',
  'clone',
  'delete',
] as const;

export type WriteAction = (typeof WRITE_ACTIONS)[number];

export function isWriteAction(action: string): action is WriteAction {
  return (WRITE_ACTIONS as readonly string[]).includes(action);
}

/** What a change comes from: a write, or a moment of the document that has come (see `EventDefinition.moments`). */
export type ChangeAction = WriteAction | 'due';

/** One version of a document as the database has it, relations and components populated. */
export type DocumentState = Record<string, unknown>;
