import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ChangeContext, EventDefinition } from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import { isPublished } from '../paths';
import { HARBOUR_LIGHTS } from './examples';
import { hasExpired, listing, type Listing, type ListingReader } from './listing';
import type { CheckedSlateMapping } from './mapping';
import { previewRules } from './rules';

const { license_terms: _, format_options: __, ...described } = listing;

const payload = z.strictObject({ ...described, preview_url: z.string() });

/** Long before any expiry: with it, an expired preview is read as it stands. */
const ANY_TIME = new Date(0);

/**
 * `content.preview.ready`, of offers that are open and of published titles, as far as the mapping names a preview for them. A
 * preview that expires makes no event.
 */
export function previewEvents(
  reader: ListingReader,
  { title, offer, previewMaxDays }: CheckedSlateMapping,
): EventDefinition[] {
  const source = [
    ...(offer?.terms.previewUrl
      ? [{ uid: offer.uid, populate: reader.paths.offer?.populate ?? {} }]
      : []),
    ...(title.terms?.previewUrl ? [{ uid: title.uid, populate: reader.paths.title.populate }] : []),
  ];
  if (source.length === 0) return [];
  const entryOf = (state: DocumentState | null, { uid }: ChangeContext): Listing | null => {
    if (state === null) return null;
    if (uid === reader.offerUid)
      return reader.isOpen(state) ? reader.ofOffer(state, ANY_TIME) : null;
    return isPublished(state) ? reader.ofTitle(state, ANY_TIME) : null;
  };
  return [
    defineEvent({
      type: 'content.preview.ready',
      version: '1.0.0',
      summary:
        'A title can be previewed: its preview has appeared, has another address, or can be seen until another time.',
      audience: 'partner',
      source,
      payload,
      personal: ['primary_contact'],
      rules: previewRules('', previewMaxDays),
      examples: [exampleOf(HARBOUR_LIGHTS)],
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      when(change) {
        const [was, is] = [entryOf(change.before, change), entryOf(change.after, change)];
        if (!is || is.preview_url === null) return false;
        if (!was) return !hasExpired(is.preview_expiry, change.now);
        return is.preview_url !== was.preview_url || is.preview_expiry !== was.preview_expiry;
      },
      build(change): z.input<typeof payload> {
        const entry = entryOf(change.after, change);
        if (!entry) throw new Error('There is nothing to preview');
        return exampleOf(entry);
      },
      scope(change) {
        const entry = entryOf(change.after, change);
        return entry && reader.scopeOf(entry);
      },
    }),
  ];
}

function exampleOf({ license_terms: _terms, format_options: _formats, ...rest }: Listing) {
  return { ...rest, preview_url: rest.preview_url ?? '' };
}
