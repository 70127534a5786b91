import { describe, expect, it } from 'vitest';
import { licensed, licenseBreach, offerOf } from '../../../server/src/domain/license';
import type { Held, Offer, Wish } from '../../../server/src/domain/license';

const NOW = new Date('2026-06-01T12:00:00Z');

const offer = (rest: Partial<Offer> = {}): Offer => ({
  eventType: 'license.offer',
  exclusive: false,
  territories: ['FR', 'BE'],
  startsAt: null,
  endsAt: null,
  ...rest,
});
const wish = (rest: Partial<Wish> = {}): Wish => ({
  partnerId: 'us',
  offerEventId: 'offer-1',
  territories: [],
  exclusive: null,
  ...rest,
});
const held = (rest: Partial<Held> = {}): Held => ({
  partnerId: 'others',
  offerEventId: 'offer-0',
  exclusive: false,
  territories: ['FR'],
  startsAt: null,
  endsAt: null,
  ...rest,
});
const at = (text: string) => new Date(text);

describe('Accepting an offer', () => {
  const cases: [
    string,
    string | null,
    { offer?: Partial<Offer>; wish?: Partial<Wish>; held?: Held[]; superseded?: boolean },
  ][] = [
    ['is right on the terms of the offer', null, {}],
    [
      'is refused for an event that is none',
      'not_an_offer',
      { offer: { eventType: 'content.ready' } },
    ],
    ['is refused on other terms', 'terms_mismatch', { wish: { exclusive: true } }],
    ['is right for some of its territories', null, { wish: { territories: ['BE'] } }],
    [
      'is refused for another territory',
      'territory_not_offered',
      { wish: { territories: ['BE', 'DE'] } },
    ],
    [
      'is right for any territory where all are offered',
      null,
      { offer: { territories: [] }, wish: { territories: ['DE'] } },
    ],
    ['is right on the day before its end', null, { offer: { endsAt: at('2026-06-01T12:00:01Z') } }],
    [
      'is refused after its last window',
      'offer_expired',
      { offer: { endsAt: at('2026-06-01T12:00:00Z') } },
    ],
    ['is refused where there is something newer of it', 'offer_superseded', { superseded: true }],
    [
      'is refused a second time',
      'offer_already_accepted',
      { held: [held({ partnerId: 'us', offerEventId: 'offer-1' })] },
    ],
    [
      'is right for another offer of a title that one holds',
      null,
      { held: [held({ partnerId: 'us' })] },
    ],
    ['is right beside somebody else, where neither is exclusive', null, { held: [held()] }],
    [
      'is refused where somebody else holds it exclusively',
      'already_sold_exclusively',
      { held: [held({ exclusive: true })] },
    ],
    [
      'is right where that is in other territories',
      null,
      { held: [held({ exclusive: true, territories: ['DE'] })] },
    ],
    [
      'is right where that is in a territory that one leaves out',
      null,
      { wish: { territories: ['BE'] }, held: [held({ exclusive: true })] },
    ],
    [
      'is refused where that is for all territories',
      'already_sold_exclusively',
      { held: [held({ exclusive: true, territories: [] })] },
    ],
    [
      'is refused exclusively where somebody holds it at all',
      'already_licensed',
      { offer: { exclusive: true }, held: [held()] },
    ],
    [
      'is right exclusively where one holds it oneself',
      null,
      { offer: { exclusive: true }, held: [held({ partnerId: 'us' })] },
    ],
    [
      'is right for the time after an exclusive licence',
      null,
      {
        offer: { startsAt: at('2027-01-01T00:00:00Z') },
        held: [held({ exclusive: true, endsAt: at('2027-01-01T00:00:00Z') })],
      },
    ],
    [
      'is right for the time before one',
      null,
      {
        offer: { endsAt: at('2026-12-01T00:00:00Z') },
        held: [held({ exclusive: true, startsAt: at('2026-12-01T00:00:00Z') })],
      },
    ],
    [
      'is refused where the times overlap',
      'already_sold_exclusively',
      {
        offer: { startsAt: at('2026-12-31T00:00:00Z') },
        held: [held({ exclusive: true, endsAt: at('2027-01-01T00:00:00Z') })],
      },
    ],
  ];
  it.each(cases)('%s (%s)', (_, code, given) => {
    const breach = licenseBreach({
      wish: wish(given.wish),
      offer: offer(given.offer),
      superseded: given.superseded ?? false,
      held: given.held ?? [],
      now: NOW,
    });
    expect(breach?.code ?? null).toBe(code);
  });

  it('is for the territories that are wanted, else for all that are offered', () => {
    expect(licensed(wish(), offer())).toEqual(['FR', 'BE']);
    expect(licensed(wish({ territories: ['BE'] }), offer())).toEqual(['BE']);
  });

  it('never says who holds a licence', () => {
    const breach = licenseBreach({
      wish: wish(),
      offer: offer(),
      superseded: false,
      held: [held({ exclusive: true })],
      now: NOW,
    });
    expect(JSON.stringify(breach)).not.toContain('others');
  });
});

describe('An offer', () => {
  it('lasts from its first window to the end of the last day of its last one', () => {
    const windows = [
      { kind: 'linear', start_date: '2026-09-01', end_date: '2027-02-28' },
      { kind: 'avod', start_date: '2026-08-01T10:00:00Z', end_date: '2026-12-31' },
    ];
    const payload = { license_terms: { exclusive: true, territories: ['fr'], windows } };
    expect(offerOf({ eventType: 'license.offer', payload })).toEqual({
      eventType: 'license.offer',
      exclusive: true,
      territories: ['FR'],
      startsAt: at('2026-08-01T10:00:00Z'),
      endsAt: at('2027-03-01T00:00:00Z'),
    });
  });

  it.each([
    ['has no windows', []],
    ['has a window without an end', [{ start_date: null, end_date: null }]],
    ['has a window whose end is no date', [{ end_date: 'soon' }]],
  ])('is open where it %s', (_, windows) => {
    const payload = { license_terms: { windows } };
    expect(offerOf({ eventType: 'license.offer', payload })).toMatchObject({ endsAt: null });
  });

  it.each([null, 'text', [], { license_terms: null }, { license_terms: { windows: 'none' } }])(
    'is read of anything: %j',
    (payload) => {
      expect(offerOf({ eventType: 'content.ready', payload })).toMatchObject({
        exclusive: false,
        territories: [],
      });
    },
  );
});
