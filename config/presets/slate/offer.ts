import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ChangeContext, EventDefinition } from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import { HARBOUR_LIGHTS } from './examples';
import { offerItem } from './feed-items';
import { listing, type Listing, type ListingReader } from './listing';
import { listingRules } from './rules';
import { textIn } from '../values';

const payload = z.strictObject({
  ...listing,
  offer_id: z.string(),
  slate_id: z.string().nullable(),
  revised: z.boolean().describe('true where an offer that was open has other terms now'),
});

/** `license.offer`, where the mapping has offers. */
export function offerEvents(
  reader: ListingReader,
  previewMaxDays: number | undefined,
): EventDefinition[] {
  const { offerUid } = reader;
  if (offerUid === null) return [];
  const offerOf = (state: DocumentState | null, now: Date): Listing | null =>
    state && reader.isOpen(state) ? reader.ofOffer(state, now) : null;
  const scope = ({ after, now }: ChangeContext) => {
    const offer = offerOf(after, now);
    return offer && reader.scopeOf(offer);
  };
  return [
    defineEvent({
      type: 'license.offer',
      version: '1.0.0',
      summary: 'A licence is offered, or an open offer has other terms now.',
      audience: 'partner',
      source: { uid: offerUid, populate: reader.paths.offer?.populate ?? {} },
      payload,
      personal: ['primary_contact'],
      rules: listingRules('', previewMaxDays),
      examples: [
        { ...HARBOUR_LIGHTS, offer_id: 'o1f2f3e4r5', slate_id: 's1l2a3t4e5', revised: false },
      ],
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      feedItem: (event) => offerItem(event.payload),
      when: ({ before, after, now }) => {
        const offer = offerOf(after, now);
        return offer !== null && onTerms(offer) !== onTerms(offerOf(before, now));
      },
      build: ({ documentId, before, after, now }): z.input<typeof payload> => {
        const offer = offerOf(after, now);
        if (!offer) throw new Error('The offer is of no title');
        return {
          ...offer,
          offer_id: documentId,
          slate_id: textIn(reader.slateOf(after)?.['documentId']),
          revised: offerOf(before, now) !== null,
        };
      },
      scope,
    }),
  ];
}

/** What an offer is about and on what terms; whom to ask and what to look at are none of them. */
function onTerms(offer: Listing | null): string | null {
  if (!offer) return null;
  const { title_id, internal_sku, license_terms, format_options } = offer;
  return JSON.stringify([title_id, internal_sku, license_terms, format_options]);
}
