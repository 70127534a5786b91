import { z } from 'zod';
import type { ChangeContext, EventDefinition } from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import { instantOf } from '../../instants';
import { ANNOUNCE_DATE, newListings, type SlateReader } from './announce';
import { HARBOUR_LIGHTS } from './examples';
import { listing, type Listing, type ListingReader } from './listing';
import { listingRules } from './rules';
import { textIn } from '../values';

const payload = z.strictObject({
  ...listing,
  slate_id: z.string().nullable().describe('null for an offer that is on no slate'),
  slate: z.string().nullable().describe("the slate's name"),
});

/**
 * `title.available`, one event for each title.
 *
 * Whose change makes it: the slate's, for all that is on it when it is announced, and for titles and offers that are new on it
 * when it is published again; the offer's, when it opens, for then nothing of the slate is written.
 */
export function titleEvents(
  slate: SlateReader | null,
  reader: ListingReader,
  previewMaxDays: number | undefined,
): EventDefinition[] {
  const { offerUid } = reader;
  const parts = (change: ChangeContext): readonly Listing[] =>
    change.uid === slate?.uid ? newListings(slate, change) : openedListing(slate, reader, change);
  return [
    defineEvent({
      type: 'title.available',
      version: '1.0.0',
      summary:
        'A title is on offer from now on: its slate is announced, it is added to an announced slate, or an offer of it opens. One event for each title and offer.',
      audience: 'partner',
      source: [
        ...(slate ? [{ uid: slate.uid, populate: slate.populate }] : []),
        ...(offerUid === null
          ? []
          : [{ uid: offerUid, populate: reader.paths.offer?.populate ?? {} }]),
      ],
      payload,
      personal: ['primary_contact'],
      rules: listingRules('', previewMaxDays),
      examples: [{ ...HARBOUR_LIGHTS, slate_id: 's1l2a3t4e5', slate: 'Drama slate' }],
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      parts,
      when: () => true,
      build(change): z.input<typeof payload> {
        const { uid, after } = change;
        const row = uid === slate?.uid ? after : reader.slateOf(after);
        return {
          ...partOf(change),
          slate_id: textIn(row?.['documentId']),
          slate: slate?.name(row) ?? null,
        };
      },
      scope: (change) => reader.scopeOf(partOf(change)),
      ...(slate
        ? {
            moments: (state, uid) =>
              uid === slate.uid ? { [ANNOUNCE_DATE]: instantOf(slate.announceDate(state)) } : {},
          }
        : {}),
    }),
  ];
}

function partOf({ part }: ChangeContext): Listing {
  return part as Listing;
}

/** What an offer makes available by opening, or by coming to an announced slate while it is open. */
function openedListing(
  slate: SlateReader | null,
  reader: ListingReader,
  { action, before, after, now }: ChangeContext,
): Listing[] {
  if (action === 'due' || after === null) return [];
  const placeOf = (state: typeof after | null) => {
    if (!reader.isOpen(state)) return null;
    const row = reader.slateOf(state);
    if (row && slate && !slate.isAnnounced(row, now)) return null;
    return JSON.stringify([row?.['documentId'], reader.titleOf(state)?.['documentId']]);
  };
  const place = placeOf(after);
  const entry = place === null || place === placeOf(before) ? null : reader.ofOffer(after, now);
  return entry ? [entry] : [];
}
