import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { CountedState } from '../../../server/src/domain/definition';
import type { FullContentMapping } from './mapping';
import { valuesReader } from '../field-path';
import type { PopulateTree } from '../field-path';
import { asRows, contentTypeOf } from '../mapping';

/** Strapi's relation to a document's review stage, on content types that a review workflow is for. */
const STAGE = 'strapi_stage';

export interface ApprovalReader {
  counts: CountedState;
  tree: PopulateTree;
  isApproved(state: DocumentState): boolean;
}

/**
 * Reads whether a state is approved. Where a stage is asked for and Strapi has no review workflows, because its licence has
 * none or has run out, nothing is approved; that stops no boot.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function approvalReader(
  schema: ContentSchema,
  { uid, approved }: Pick<FullContentMapping, 'uid' | 'approved'>,
): ApprovalReader | null {
  if (approved === undefined) return null;
  const type = contentTypeOf(schema, 'content preset, uid', uid);
  if ('stage' in approved) {
    const { stage, counts = 'draft' } = approved;
    return {
      counts,
      tree: Object.hasOwn(type.attributes, STAGE) ? { [STAGE]: {} } : {},
      isApproved: (state) => asRows(state[STAGE]).some(({ name }) => name === stage),
    };
  }
  const { field, value, counts = 'published' } = approved;
  const reader = valuesReader(schema, type, 'content preset, approved.field', field);
  return {
    counts,
    tree: reader.tree,
    isApproved: (state) => reader.values(state, counts === 'draft').includes(value),
  };
}
