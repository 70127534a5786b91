import { describe, expect, it } from 'vitest';
import { onlyItemsInScope } from '../../../../server/src/domain/items';
import { compileScope } from '../../../../server/src/domain/scope';
import { momentsOf, typesOf } from './make-events';
import type { Row } from './make-events';
import {
  SLATE,
  OFFER,
  title,
  offer,
  harbour,
  rivals,
  skies,
  french,
  german,
  drama,
  preset,
  make,
  ofType,
} from './slate-fixture';

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

  it('is not available again by a change of an open offer, unless that comes to another slate', () => {
    const before = offer('fr', harbour, ['FR'], { slate: drama() });
    const contact = { ...before, primary_contact: 'Benedikt Krause' };
    expect(ofType('title.available', OFFER, before, contact)).toEqual([]);
    const moved = { ...before, slate: drama({ documentId: 'spring', title: 'Spring' }) };
    expect(ofType('title.available', OFFER, before, moved)).toMatchObject([
      { payload: { slate: 'Spring' } },
    ]);
  });

  it('that is not published is known by its id alone', () => {
    const secret = title('sec', 'drama', null);
    const [event] = ofType('title.available', OFFER, null, offer('fr', secret, ['FR']));
    expect(event?.payload).toMatchObject({ title_id: 'NL-sec', title: null, genres: [] });
  });
});
