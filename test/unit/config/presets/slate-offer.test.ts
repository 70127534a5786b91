import { describe, expect, it } from 'vitest';
import { slate } from '../../../../config';
import { demoSchema } from './demo-schema';
import { eventsBy } from './make-events';
import type { Row } from './make-events';
import {
  SLATE,
  TITLE,
  OFFER,
  mapping,
  offer,
  harbour,
  french,
  drama,
  ofType,
} from './slate-fixture';

describe('A licence', () => {
  const offered = (before: Row | null, after: Row | null) =>
    ofType('license.offer', OFFER, before, after);

  it('is offered when the offer opens, with its terms and for its territories', () => {
    const [event, ...more] = offered({ ...french, offer_status: 'draft' }, french);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      problems: [],
      scope: { territories: ['FR'], genres: ['drama'] },
      payload: {
        offer_id: 'fr',
        title_id: 'NL-hbl',
        internal_sku: 'SKU-fr',
        license_terms: { exclusive: true, fees: [{ amount: 185_000 }] },
        revised: false,
      },
    });
    expect(offered(null, french)).toHaveLength(1);
  });

  it('is offered anew on other terms, and not for another contact or preview', () => {
    const dearer = offer('fr', harbour, ['FR', 'BE']);
    expect(offered(french, dearer)).toMatchObject([
      { payload: { revised: true }, scope: { territories: ['FR', 'BE'] } },
    ]);
    expect(offered(french, { ...french, primary_contact: 'Benedikt Krause' })).toEqual([]);
    expect(offered(french, { ...french, preview_url: 'https://screeners.example/2' })).toEqual([]);
  });

  it('is not offered as a draft, without a title, or when the offer is closed', () => {
    expect(offered(null, { ...french, offer_status: 'draft' })).toEqual([]);
    expect(offered(null, { ...french, title: null })).toEqual([]);
    expect(offered(french, { ...french, offer_status: 'expired' })).toEqual([]);
    expect(offered(french, null)).toEqual([]);
  });

  it('breaks the rules by a territory that is none, and a window that ends before it starts', () => {
    const windows = [{ start_date: '2028-09-01', end_date: '2026-08-31' }];
    const terms = { ...(french['license_terms'] as Row), windows, territories: ['UK', 'fr', 'FR'] };
    expect(offered(null, { ...french, license_terms: terms })[0]?.problems.sort()).toEqual([
      'end_before_start payload.license_terms.windows.0.end_date',
      'territory_unknown payload.license_terms.territories.0',
    ]);
  });
});

describe('A preview', () => {
  const preview = (before: Row | null, after: Row) =>
    ofType('content.preview.ready', OFFER, before, after);
  const without = { ...french, preview_url: null };

  it.each([
    ['appears', without, french, 1],
    ['has another address', french, { ...french, preview_url: 'https://screeners.example/2' }, 1],
    ['can be seen for longer', french, { ...french, preview_expiry: '2026-04-01' }, 1],
    ['comes with an offer that opens', { ...french, offer_status: 'draft' }, french, 1],
    ['stays', french, { ...french, primary_contact: 'Benedikt Krause' }, 0],
    ['is taken away', french, without, 0],
    ['is of an offer that is not open', null, { ...french, offer_status: 'draft' }, 0],
    [
      'has expired when the offer opens',
      { ...french, offer_status: 'draft', preview_expiry: '2026-01-01' },
      { ...french, preview_expiry: '2026-01-01' },
      0,
    ],
  ])('that %s', (_, before, after, times) => {
    const events = preview(before, after);
    expect(events).toHaveLength(times);
    expect(events.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('tells the address, until when, and whom to ask', () => {
    expect(preview(without, french)[0]?.payload).toEqual({
      title_id: 'NL-hbl',
      offer_id: 'fr',
      title: 'Title hbl',
      genres: ['drama'],
      content_type: null,
      internal_sku: 'SKU-fr',
      primary_contact: 'Sofia Marchetti',
      sales_rep_id: 'sr_1',
      preview_url: 'https://screeners.example/1',
      preview_expiry: '2026-03-01T00:00:00.000Z',
    });
  });

  it.each([
    ['later than the limit', { preview_expiry: '2026-06-01T00:00:00.000Z' }, /expiry_out/],
    ['in the past', { preview_expiry: '2026-01-01T00:00:00.000Z' }, /expiry_out/],
    ['at no address', { preview_url: '/uploads/1.mp4' }, /address_not_absolute/],
  ])('breaks a rule %s', (_, changes, problem) => {
    const [event] = preview(french, { ...french, ...changes });
    expect(event?.problems).toEqual([expect.stringMatching(problem)]);
  });

  it('may be of titles themselves, with their terms, where there are no offers', () => {
    const { offer: _, ...rest } = mapping;
    const terms = { previewUrl: 'synopsis', territories: 'rights.territories' };
    const events = eventsBy(
      slate({
        ...rest,
        slate: { ...mapping.slate, offers: undefined },
        title: { ...mapping.title, terms },
      }),
    );
    const rights = { territories: 'FR, BE' };
    const seen = { ...harbour, synopsis: 'https://screeners.example/1', rights };
    expect(events(TITLE, harbour, seen)).toMatchObject([
      {
        type: 'content.preview.ready',
        payload: { title_id: 'NL-hbl', offer_id: null },
        scope: { territories: ['FR', 'BE'] },
      },
    ]);
    const [announced] = events(SLATE, null, drama({ titles: [seen] }));
    expect(announced).toMatchObject({
      problems: [],
      payload: { titles: [{ license_terms: { territories: ['FR', 'BE'] } }] },
    });
  });
});

describe('The slate preset', () => {
  it.each([
    ['nothing to look at', { title: mapping.title }, /slate: map a slate, or offers/],
    [
      'a slate without titles',
      { ...mapping, slate: { uid: SLATE, fields: { name: 'title' } } },
      /slate\.titles/,
    ],
    ['offers of which nothing is known', { ...mapping, offer: undefined }, /offer: slate\.offers/],
    [
      'a path',
      { ...mapping, title: { uid: TITLE, fields: { name: 'title', genres: 'show.kind' } } },
      /title\.fields\.genres.*"kind"/,
    ],
    [
      'a path through text',
      { ...mapping, title: { uid: TITLE, fields: { name: 'title.more' } } },
      /title\.fields\.name.*is a string; a path goes through/,
    ],
    [
      'a relation',
      { ...mapping, slate: { ...mapping.slate, titles: 'offers' } },
      /slate\.titles.*licence-offer/,
    ],
    [
      'a list',
      {
        ...mapping,
        offer: {
          ...mapping.offer,
          terms: { formatOptions: { list: 'internal_sku', deliveryFormat: 'x' } },
        },
      },
      /offer\.terms\.formatOptions\.list.*component/,
    ],
    ['a limit', { ...mapping, previewMaxDays: 0 }, /previewMaxDays/],
    ['an unknown option', { ...mapping, previews: true }, /previews/],
  ])('stops the boot over %s that is wrong, by its name', (_, given, message) => {
    const define = () => slate(given).define(demoSchema);
    expect(define).toThrow(message);
    expect(define).toThrow(/^slate preset/);
  });
});
