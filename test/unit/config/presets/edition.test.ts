import { describe, expect, it } from 'vitest';
import { edition } from '../../../../config';
import type { EditionMapping } from '../../../../config';
import { demoSchema } from './demo-schema';
import { eventsBy, typesOf } from './make-events';
import type { Row } from './make-events';

const EDITION = 'api::edition.edition';

const mapping = {
  uid: EDITION,
  fields: { name: 'name', start: 'start', end: 'end' },
  titles: 'items.title.content_id',
};
const make = eventsBy(edition(mapping));

const night = (changes: Row = {}): Row => ({
  documentId: 'night',
  name: 'Saturday night',
  start: '2026-02-07T20:00:00.000Z',
  end: '2026-02-07T23:30:00.000Z',
  items: [
    { slot: '20:00', title: { content_id: 'NL-1', publishedAt: '2026-01-01' } },
    { slot: '21:00', title: { content_id: 'NL-2', publishedAt: null } },
    { slot: '22:00', title: null },
  ],
  publishedAt: '2026-01-01',
  ...changes,
});
const PAST = { start: '2026-01-10T20:00:00.000Z', end: '2026-01-10T23:30:00.000Z' };
const RUNNING = { start: '2026-01-20T10:00:00.000Z', end: '2026-01-20T14:00:00.000Z' };
const LATER = { start: '2026-02-14T20:00:00.000Z', end: '2026-02-14T23:30:00.000Z' };

const both = ['edition.unscheduled', 'edition.scheduled'];

describe('An edition', () => {
  it.each([
    ['published', null, {}, ['edition.scheduled']],
    ['published while it runs', null, RUNNING, ['edition.scheduled']],
    ['published when it is over', null, PAST, []],
    ['withdrawn', {}, null, ['edition.unscheduled']],
    ['withdrawn while it runs', RUNNING, null, ['edition.unscheduled']],
    ['withdrawn when it is over', PAST, null, []],
    ['that starts later', {}, LATER, both],
    ['that ends earlier', {}, { end: '2026-02-07T23:00:00.000Z' }, both],
    ['with the same time written otherwise', {}, { start: '2026-02-07T21:00:00+01:00' }, []],
    ['with another name', {}, { name: 'Saturday' }, []],
    ['that was over and is put off', PAST, LATER, ['edition.scheduled']],
    ['that is put into the past', {}, PAST, ['edition.unscheduled']],
    ['that loses its end', {}, { end: null }, ['edition.unscheduled']],
    ['without dates', null, { start: null, end: null }, []],
  ])('%s', (_, before, after, expected) => {
    const events = make(EDITION, before && night(before), after && night(after));
    expect(typesOf(events)).toEqual(expected);
    expect(events.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('is unscheduled by the dates it had, and then scheduled by those it has', () => {
    expect(make(EDITION, night(), night({ ...LATER, name: 'Saturday' }))).toMatchObject([
      {
        type: 'edition.unscheduled',
        payload: { name: 'Saturday night', start: '2026-02-07T20:00:00.000Z' },
      },
      { type: 'edition.scheduled', payload: { edition_id: 'night', name: 'Saturday', ...LATER } },
    ]);
  });

  it('names the published titles in it', () => {
    expect(make(EDITION, null, night())[0]?.payload.titles).toEqual(['NL-1']);
  });

  it('that ends before it starts breaks a rule, and is not unscheduled when that is put right', () => {
    const wrong = night({ end: '2026-02-06T23:30:00.000Z' });
    expect(make(EDITION, null, wrong)).toMatchObject([
      { type: 'edition.scheduled', problems: ['end_before_start payload.end'] },
    ]);
    expect(typesOf(make(EDITION, wrong, night()))).toEqual(['edition.scheduled']);
    expect(typesOf(make(EDITION, night(), wrong))).toEqual(both);
    expect(make(EDITION, wrong, null)).toEqual([]);
  });

  it('lasts through its last day, or until it begins', () => {
    const day = night({ start: '2026-01-19', end: '2026-01-20' });
    expect(typesOf(make(EDITION, day, null))).toEqual(['edition.unscheduled']);
    const exclusive = eventsBy(edition({ ...mapping, lastDay: 'exclusive' }));
    expect(exclusive(EDITION, day, null)).toEqual([]);
  });
});

describe('The edition preset', () => {
  it.each([
    ['a content type', { ...mapping, uid: 'api::issue.issue' }, /uid.*api::issue\.issue/],
    [
      'a field',
      { ...mapping, fields: { ...mapping.fields, end: 'until' } },
      /fields\.end.*"until"/,
    ],
    ['a missing field', { ...mapping, fields: { name: 'name', start: 'start' } }, /fields\.end/],
    ['titles', { ...mapping, titles: 'items.film' }, /titles.*"film"/],
    ['a last day', { ...mapping, lastDay: 'sunday' }, /lastDay/],
  ])('stops the boot over %s that is wrong, by its name', (_, given, message) => {
    const define = () => edition(given as EditionMapping).define(demoSchema);
    expect(define).toThrow(message);
    expect(define).toThrow(/^edition preset/);
  });
});
