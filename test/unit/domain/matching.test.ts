import { describe, expect, it, test } from 'vitest';
import {
  compileRule,
  matchesFilter,
  matchesType,
  type EventFacts,
} from '../../../server/src/domain/matching';

const promoted: EventFacts = {
  eventType: 'executive.commissioner.promoted',
  subjectType: 'api::person.person',
  locale: 'en',
  changed: ['title', 'reports_to'],
  scope: null,
  items: null,
};
const anywhere = { territories: [], genres: [], content_types: [] };
const open = { subject_types: [], locales: [], changed: [], scope: anywhere };

describe('a pattern', () => {
  test.each([
    ['content.ready', 'content.ready'],
    ['*', 'webhook.test'],
    ['*', 'executive.commissioner.promoted'],
    ['*', 'single'],
    ['executive.*', 'executive.commissioner'],
    ['executive.*', 'executive.commissioner.promoted'],
    ['executive.commissioner.*', 'executive.commissioner.promoted'],
    ['*.created', 'entry.created'],
    ['executive.*.promoted', 'executive.commissioner.promoted'],
    ['*.*', 'entry.created'],
    ['*.*', 'executive.commissioner.promoted'],
    ['*.commissioner.*', 'executive.commissioner.promoted'],
    ['*.commissioner.*', 'executive.commissioner.promoted.twice'],
    ['exec*', 'exec*'],
  ])('%s fits %s', (pattern, type) => {
    expect(matchesType(pattern, type)).toBe(true);
  });

  test.each([
    ['content.ready', 'content.readyish'],
    ['content.ready', 'content'],
    ['content.ready', 'CONTENT.READY'],
    ['executive.*', 'executive'],
    ['executive.*', 'executive_role.created'],
    ['executive.*', 'other.executive.x'],
    ['*.created', 'executive.commissioner.created'],
    ['*.created', 'created'],
    ['executive.*.promoted', 'executive.promoted'],
    ['executive.*.promoted', 'executive.a.b.promoted'],
    ['*.*', 'single'],
    ['*.commissioner.*', 'executive.commissioner'],
    ['exec*', 'executive'],
    ['exec*.*', 'executive.x'],
    ['', 'content.ready'],
    ['content.', 'content.ready'],
    ['content.?eady', 'content.ready'],
    ['content.(ready)', 'content.ready'],
    ['c.ntent.ready', 'content.ready'],
  ])('%s does not fit %s', (pattern, type) => {
    expect(matchesType(pattern, type)).toBe(false);
  });

  it('made to be slow takes a time that grows no faster than its length', () => {
    const time = (segments: number) => {
      const pattern = `${'*.a.'.repeat(segments)}b.*`;
      const type = `${'a.a.'.repeat(segments)}c.d`;
      const started = performance.now();
      for (let i = 0; i < 20; i += 1) expect(matchesType(pattern, type)).toBe(false);
      return performance.now() - started;
    };
    time(1_000);
    expect(time(20_000)).toBeLessThan(1_000);
  });
});

describe('a filter', () => {
  const passes = (filter: Partial<typeof open> | object, facts = promoted) =>
    matchesFilter({ ...open, ...filter }, facts);

  it('whose lists are empty restricts nothing', () => {
    expect(passes({})).toBe(true);
    expect(passes({}, { ...promoted, locale: null, changed: [] })).toBe(true);
  });

  it('by subject type takes the listed types alone', () => {
    expect(passes({ subject_types: ['api::show.show', 'api::person.person'] })).toBe(true);
    expect(passes({ subject_types: ['api::show.show'] })).toBe(false);
  });

  it('by locale takes the listed locales, and what is not localised', () => {
    expect(passes({ locales: ['de', 'en'] })).toBe(true);
    expect(passes({ locales: ['de'] })).toBe(false);
    expect(passes({ locales: ['en-GB'] })).toBe(false);
    expect(passes({ locales: ['de'] }, { ...promoted, locale: null })).toBe(true);
  });

  it('by changed attributes takes what changed any of them', () => {
    expect(passes({ changed: ['name', 'title'] })).toBe(true);
    expect(passes({ changed: ['name'] })).toBe(false);
    expect(passes({ changed: ['title'] }, { ...promoted, changed: [] })).toBe(false);
  });

  it('must pass in all of its lists', () => {
    const both = { subject_types: ['api::person.person'], changed: ['title'] };
    expect(passes(both)).toBe(true);
    expect(passes({ ...both, changed: ['name'] })).toBe(false);
    expect(passes({ ...both, subject_types: ['api::show.show'] })).toBe(false);
  });
});

describe('a rule', () => {
  it('wants an event when one of its patterns fits and its filter passes', () => {
    const rule = { event_types: ['content.ready', 'executive.*'], filter: open };
    expect(compileRule(rule)(promoted)).toBe(true);
    expect(compileRule(rule)({ ...promoted, eventType: 'content.ready' })).toBe(true);
    expect(compileRule(rule)({ ...promoted, eventType: 'content.updated' })).toBe(false);
    expect(compileRule({ ...rule, filter: { ...open, locales: ['de'] } })(promoted)).toBe(false);
  });

  it('without patterns wants nothing', () => {
    expect(compileRule({ event_types: [], filter: open })(promoted)).toBe(false);
  });

  it('is settled when it is compiled', () => {
    const event_types = ['executive.*'];
    const wants = compileRule({ event_types, filter: open });
    event_types[0] = 'content.*';
    expect(wants(promoted)).toBe(true);
  });
});
