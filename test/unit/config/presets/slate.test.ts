import { describe, expect, it } from 'vitest';
import { slate } from '../../../../config';
import type { SlateMapping } from '../../../../config';
import { onlyItemsInScope } from '../../../../server/src/domain/items';
import { compileScope } from '../../../../server/src/domain/scope';
import { demoSchema } from './demo-schema';
import { eventsBy, momentsOf, typesOf } from './make-events';
import type { Row } from './make-events';

const SLATE = 'api::slate.slate';
const TITLE = 'api::title.title';
const OFFER = 'api::licence-offer.licence-offer';

const mapping = {
  slate: {
    uid: SLATE,
    fields: { name: 'title', description: 'description', announceDate: 'announce_date' },
    titles: 'titles',
    offers: 'offers',
  },
  title: { uid: TITLE, fields: { id: 'content_id', name: 'title', genres: 'show.genre' } },
  offer: {
    uid: OFFER,
    title: 'title',
    slate: 'slate',
    status: { field: 'offer_status', open: ['offered'] },
    terms: {
      internalSku: 'internal_sku',
      primaryContact: 'primary_contact',
      salesRepId: 'sales_rep_id',
      previewUrl: 'preview_url',
      previewExpiry: 'preview_expiry',
      exclusive: 'license_terms.exclusive',
      territories: 'license_terms.territories',
      termLength: 'license_terms.term_length',
      fees: { list: 'license_terms.fees', basis: 'basis', amount: 'amount', currency: 'currency' },
      windows: {
        list: 'license_terms.windows',
        kind: 'kind',
        startDate: 'start_date',
        endDate: 'end_date',
      },
      formatOptions: {
        list: 'format_options',
        deliveryFormat: 'delivery_format',
        container: 'container',
        requiredAssets: 'required_assets',
      },
    },
  },
  previewMaxDays: 90,
} satisfies SlateMapping;

const title = (key: string, genre = 'drama', publishedAt: string | null = '2026-01-01'): Row => ({
  documentId: key,
  content_id: `NL-${key}`,
  title: `Title ${key}`,
  publishedAt,
  show: { documentId: 'show', genre, publishedAt },
});
const offer = (key: string, of: Row | null, territories: string[], changes: Row = {}): Row => ({
  documentId: key,
  internal_sku: `SKU-${key}`,
  offer_status: 'offered',
  title: of,
  slate: null,
  license_terms: {
    id: 1,
    exclusive: true,
    territories,
    term_length: 'P24M',
    fees: [{ id: 1, basis: 'licence', amount: 185_000, currency: 'EUR' }],
    windows: [{ id: 1, kind: 'linear', start_date: '2026-09-01', end_date: '2028-08-31' }],
  },
  format_options: [
    { id: 1, delivery_format: 'imf', container: 'mxf', required_assets: ['master'] },
  ],
  preview_url: 'https://screeners.example/1',
  preview_expiry: '2026-03-01T00:00:00.000Z',
  primary_contact: 'Sofia Marchetti',
  sales_rep_id: 'sr_1',
  publishedAt: '2026-01-01',
  ...changes,
});
const [harbour, rivals, skies] = [title('hbl'), title('riv'), title('nsk', 'documentary')];
const french = offer('fr', harbour, ['FR']);
const german = offer('dach', rivals, ['DE', 'AT']);
const drama = (changes: Row = {}): Row => ({
  documentId: 'drama',
  title: 'Drama slate',
  description: null,
  announce_date: '2026-01-10',
  publishedAt: '2026-01-09',
  titles: [harbour, rivals],
  offers: [french, german],
  ...changes,
});

const preset = slate(mapping);
const make = eventsBy(preset);
const ofType = (type: string, ...change: Parameters<typeof make>) =>
  make(...change).filter((event) => event.type === type);

describe('A slate', () => {
  it('is announced with its titles, each under the terms of its offer', () => {
    const [event, ...more] = ofType('slate.announce', SLATE, null, drama());
    expect(more).toEqual([]);
    expect(event).toMatchObject({ problems: [], scope: null });
    expect(event?.payload).toEqual({
      slate_id: 'drama',
      name: 'Drama slate',
      description: null,
      announce_date: '2026-01-10',
      titles: [
        {
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
          license_terms: {
            exclusive: true,
            territories: ['FR'],
            fees: [{ basis: 'licence', amount: 185_000, currency: 'EUR' }],
            term_length: 'P24M',
            windows: [{ kind: 'linear', start_date: '2026-09-01', end_date: '2028-08-31' }],
          },
          format_options: [
            { delivery_format: 'imf', container: 'mxf', required_assets: ['master'] },
          ],
        },
        expect.objectContaining({ title_id: 'NL-riv', offer_id: 'dach' }),
      ],
    });
  });

  it('shows each buyer the titles that it may license, by territory and genre', () => {
    const offers = [french, german, offer('row', skies, ['DE', 'US'])];
    const [event] = ofType(
      'slate.announce',
      SLATE,
      null,
      drama({ titles: [harbour, rivals, skies], offers }),
    );
    const seenBy = (territories: string[], genres: string[] = []) =>
      onlyItemsInScope<{ titles: { title_id: string }[] }>(
        event!.payload,
        event!.items!,
        compileScope({ territories, genres, content_types: [] }),
      )?.titles.map(({ title_id }) => title_id) ?? null;
    expect(seenBy(['FR'])).toEqual(['NL-hbl']);
    expect(seenBy(['de'])).toEqual(['NL-riv', 'NL-nsk']);
    expect(seenBy(['DE'], ['documentary'])).toEqual(['NL-nsk']);
    expect(seenBy(['JP'])).toBeNull();
    expect(seenBy([])).toHaveLength(3);
  });

  it('shows a title that is not offered to nobody with territories', () => {
    const draft = offer('us', rivals, ['US'], { offer_status: 'draft' });
    const [event] = ofType('slate.announce', SLATE, null, drama({ offers: [french, draft] }));
    expect(event?.payload.titles[1]).toMatchObject({
      title_id: 'NL-riv',
      offer_id: null,
      internal_sku: null,
      license_terms: null,
    });
    expect(event?.items?.scopes[1]?.territories).toEqual([]);
  });

  it.each([
    ['published without a date', null, { announce_date: null }, 1],
    ['published before its date', null, { announce_date: '2026-01-21' }, 0],
    ['published on its date', null, { announce_date: '2026-01-20' }, 1],
    ['published again', {}, { description: 'New.' }, 0],
    ['whose date is put forward to today', { announce_date: '2026-03-01' }, {}, 1],
    ['withdrawn', {}, null, 0],
  ])('%s is announced then, once', (_, before, after, times) => {
    const events = ofType('slate.announce', SLATE, before && drama(before), after && drama(after));
    expect(events).toHaveLength(times);
  });

  it('is announced at midnight of its date without a write, and its titles with it', () => {
    const state = drama({ announce_date: '2026-02-16' });
    expect(momentsOf(preset, 'slate.announce', state)).toEqual({
      announce_date: '2026-02-16T00:00:00.000Z',
    });
    const now = new Date('2026-02-16T00:00:01.000Z');
    const due = make(SLATE, state, state, { action: 'due', moment: 'announce_date', now });
    expect(typesOf(due)).toEqual(['slate.announce', 'title.available', 'title.available']);
    expect(make(SLATE, state, state, { action: 'due', moment: 'another', now })).toEqual([]);
  });

  it('leaves out a preview that has expired', () => {
    const expired = offer('fr', harbour, ['FR'], { preview_expiry: '2026-01-19T00:00:00.000Z' });
    const [event] = ofType('slate.announce', SLATE, null, drama({ offers: [expired] }));
    expect(event).toMatchObject({ problems: [] });
    expect(event?.payload.titles[0]).toMatchObject({ preview_url: null, preview_expiry: null });
  });
});

describe('A title', () => {
  it('is available with its slate, one event each, for the territories of its terms', () => {
    const events = ofType('title.available', SLATE, null, drama());
    expect(events).toMatchObject([
      {
        problems: [],
        payload: { title_id: 'NL-hbl', slate_id: 'drama', slate: 'Drama slate' },
        scope: { territories: ['FR'], genres: ['drama'] },
      },
      { payload: { title_id: 'NL-riv' }, scope: { territories: ['DE', 'AT'] } },
    ]);
  });

  it('is available by being added to an announced slate, and not before the slate is', () => {
    const added = { titles: [harbour, rivals, skies] };
    expect(ofType('title.available', SLATE, drama(), drama(added))).toMatchObject([
      { payload: { title_id: 'NL-nsk', offer_id: null } },
    ]);
    const later = { announce_date: '2026-02-16' };
    expect(make(SLATE, drama(later), drama({ ...later, ...added }))).toEqual([]);
    expect(make(SLATE, drama(added), drama())).toEqual([]);
  });

  it('is available by an offer that opens, if its slate is announced or it is on none', () => {
    const opened = (changes: Row) => {
      const after = offer('fr', harbour, ['FR'], changes);
      return ofType('title.available', OFFER, { ...after, offer_status: 'draft' }, after);
    };
    expect(opened({})).toMatchObject([
      { payload: { title_id: 'NL-hbl', slate_id: null }, scope: { territories: ['FR'] } },
    ]);
    expect(opened({ slate: drama() })).toMatchObject([{ payload: { slate: 'Drama slate' } }]);
    expect(opened({ slate: drama({ announce_date: '2026-02-16' }) })).toEqual([]);
    expect(opened({ slate: drama({ publishedAt: null }) })).toEqual([]);
    expect(opened({ offer_status: 'accepted' })).toEqual([]);
  });

  it('that is not published is known by its id alone', () => {
    const secret = title('sec', 'drama', null);
    const [event] = ofType('title.available', OFFER, null, offer('fr', secret, ['FR']));
    expect(event?.payload).toMatchObject({ title_id: 'NL-sec', title: null, genres: [] });
  });
});

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
      /title\.fields\.name.*neither a relation nor a component/,
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
    const define = () => slate(given as SlateMapping).define(demoSchema);
    expect(define).toThrow(message);
    expect(define).toThrow(/^slate preset/);
  });
});
