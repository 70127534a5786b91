import { describe, expect, it } from 'vitest';
import { executives } from '../../../../config';
import type { ExecutivesMapping } from '../../../../config';
import { demoSchema } from './demo-schema';
import {
  PERSON,
  ASSIGNMENT,
  ROLE,
  person,
  assignments,
  leads,
  roles,
  lee,
  rivals,
  lead,
} from './executives-fixture';
import { eventsBy, typesOf } from './make-events';
import type { Row } from './make-events';

describe('A promotion', () => {
  const make = eventsBy(executives({ person }));
  const move = (from: Row, to: Row) =>
    typesOf(make(PERSON, lee(from), lee(to))).map((type) => type.replace(/.*\./, ''));

  it.each([
    ['a step up the ranking', { title: 'Head of Drama' }, { title: 'VP, Scripted' }, 'promoted'],
    ['a step down', { title: 'VP, Scripted' }, { title: 'Head of Drama' }, 'updated'],
    [
      'a step up with another role',
      { title: 'Head of Drama' },
      { title: 'VP, Scripted', executive_role: 'executive_producer' },
      'promoted',
    ],
    ['a title that is not ranked', { title: 'Head of Drama' }, { title: 'Czar' }, 'promoted'],
    ['from a title that is not ranked', { title: 'Czar' }, { title: 'Head of Drama' }, 'promoted'],
    [
      'a title that is not ranked, with another role',
      { title: 'Head of Drama' },
      { title: 'Czar', executive_role: 'executive_producer' },
      'updated',
    ],
    ['another role alone', {}, { executive_role: 'executive_producer' }, 'updated'],
    ['the same title', {}, { name: 'Lee M. Mason' }, 'updated'],
    ['the end of the role', {}, { executive_role: 'legal', title: 'VP, Scripted' }, 'updated'],
    ['the begin of it', { executive_role: 'legal' }, { title: 'VP, Scripted' }, 'created'],
  ])('of %s', (_, from, to, expected) => {
    const [first] = move(from, to);
    expect(first).toBe(expected);
  });

  it('without a ranking is every new title while the role stays', () => {
    const { titleRanking: _, ...unranked } = person;
    const events = eventsBy(executives({ person: unranked }));
    const before = lee({ title: 'VP, Scripted' });
    expect(typesOf(events(PERSON, before, lee()))[0]).toBe('executive.commissioner.promoted');
  });

  it('tells who, both titles, the published shows and the territories that the region stands for', () => {
    const [event] = make(PERSON, lee(), lee({ title: 'VP, Scripted' }));
    expect(event).toMatchObject({
      type: 'executive.commissioner.promoted',
      problems: [],
      scope: { territories: ['DE', 'AT', 'CH'] },
      payload: {
        executive_id: 'lee',
        previous_title: 'Head of Drama',
        new_title: 'VP, Scripted',
        affected_shows: ['rivals'],
        scope: ['DACH'],
      },
    });
  });

  it.each([
    ['everywhere, by a region that is', ['DACH', 'Global'], null],
    ['codes as they are', ['gb', 'IE'], ['GB', 'IE']],
    ['nothing known, which is nowhere', ['Atlantis'], []],
    ['nothing at all, which says nothing', null, null],
  ])('counts for %s', (_, scope, territories) => {
    const [event] = make(PERSON, lee(), lee({ title: 'VP, Scripted', scope }));
    expect(event?.scope?.territories ?? null).toEqual(territories);
  });
});

describe('A signatory', () => {
  const make = eventsBy(executives({ person }));
  const signatory = (before: Row | null, after: Row | null) =>
    make(PERSON, before, after).find(({ type }) => type === 'contract.signatory_changed');

  it('changes with the authority to sign, and with the budget', () => {
    expect(signatory(lee(), lee({ signing_authority: true }))?.payload).toMatchObject({
      previous_signing_authority: false,
      new_signing_authority: true,
    });
    expect(
      signatory(lee({ budget_limit: 250_000 }), lee({ budget_limit: '400000' }))?.payload,
    ).toMatchObject({ previous_budget_limit: 250_000, new_budget_limit: 400_000 });
  });

  it('appears and goes with a record, if it has authority', () => {
    expect(signatory(null, lee())).toBeUndefined();
    expect(signatory(null, lee({ budget_limit: 1 }))?.payload).toMatchObject({
      previous_budget_limit: null,
      new_budget_limit: 1,
    });
    expect(signatory(lee({ signing_authority: true }), null)?.payload).toMatchObject({
      name: 'Lee Mason',
      previous_signing_authority: true,
      new_signing_authority: false,
    });
  });

  it('does not change with a title, and goes before other events', () => {
    expect(signatory(lee(), lee({ title: 'VP, Scripted' }))).toBeUndefined();
    const definition = executives({ person })
      .define(demoSchema)
      .find(({ type }) => type === 'contract.signatory_changed');
    expect(definition).toMatchObject({ priority: 'high', audience: 'internal' });
    expect(definition?.personal).toContain('new_budget_limit');
  });
});

describe('An executive role', () => {
  it('of its own content type is created, updated and ended, with who holds it', () => {
    const make = eventsBy(executives({ person, roles }));
    const head = (changes: Row = {}): Row => ({
      documentId: 'head',
      name: 'Head of Drama',
      scope: ['Nordics'],
      holder: lee(),
      ...changes,
    });
    expect(make(ROLE, null, head())).toMatchObject([
      {
        type: 'executive_role.created',
        problems: [],
        payload: { role_id: 'head', role: 'Head of Drama', name: 'Lee Mason', previous: null },
      },
    ]);
    expect(make(ROLE, head(), head({ holder: null }))).toMatchObject([
      {
        type: 'executive_role.updated',
        payload: { executive_id: null, previous: { executive_id: 'lee' } },
      },
    ]);
    expect(make(ROLE, head(), null)).toMatchObject([
      {
        type: 'executive_role.updated',
        payload: { role_id: 'head', role: null, previous: { role: 'Head of Drama' } },
      },
    ]);
    expect(make(ROLE, head(), head({ holder: lee({ name: 'Lee M. Mason' }) }))).toEqual([]);
    expect(make(PERSON, null, lee()).map(({ type }) => type)).not.toContain(
      'executive_role.created',
    );
  });

  it("of people's records comes, changes and ends with the role that the record names", () => {
    const make = eventsBy(executives({ person, roles: { ofPerson: ['commissioner', 'legal'] } }));
    const ofRole = (before: Row | null, after: Row | null) =>
      make(PERSON, before, after).filter(({ type }) => type.startsWith('executive_role.'));
    expect(ofRole(null, lee({ executive_role: 'other' }))).toEqual([]);
    expect(ofRole(null, lee())).toMatchObject([
      {
        type: 'executive_role.created',
        payload: { role_id: null, role: 'commissioner', executive_id: 'lee', previous: null },
      },
    ]);
    expect(ofRole(lee(), lee({ executive_role: 'legal' }))).toMatchObject([
      { payload: { role: 'legal', previous: { role: 'commissioner' } } },
    ]);
    expect(ofRole(lee(), lee({ executive_role: 'other' }))).toMatchObject([
      { type: 'executive_role.updated', payload: { role: null, executive_id: 'lee' } },
    ]);
    expect(ofRole(lee(), lee({ name: 'Lee M. Mason', bio: 'Writes.' }))).toEqual([]);
  });
});

describe('A role assignment', () => {
  const make = eventsBy(executives({ person, assignments }));

  it('is told when it is made, changed and removed, with what it was before', () => {
    expect(make(ASSIGNMENT, null, lead())).toMatchObject([
      {
        type: 'role_assignment.changed',
        problems: [],
        payload: { change: 'created', name: 'Lee Mason', show: 'Rivals', previous: null },
      },
    ]);
    expect(make(ASSIGNMENT, lead(), lead({ end_date: '2026-12-31' }))).toMatchObject([
      { payload: { change: 'changed', end_date: '2026-12-31', previous: { end_date: null } } },
    ]);
    expect(make(ASSIGNMENT, lead(), null)).toMatchObject([
      { payload: { change: 'removed', executive_id: 'lee', previous: { show_id: 'rivals' } } },
    ]);
  });

  it('is none of a new label, and names no show that is not published', () => {
    expect(make(ASSIGNMENT, lead(), lead({ label: 'Lead' }))).toEqual([]);
    const [event] = make(ASSIGNMENT, null, lead({ show: { ...rivals, publishedAt: null } }));
    expect(event?.payload).toMatchObject({ show_id: 'rivals', show: null, slug: null });
  });

  it('ends on the day it starts at the earliest', () => {
    const problems = (end_date: string) => make(ASSIGNMENT, null, lead({ end_date }))[0]?.problems;
    expect(problems('2026-01-01')).toEqual([]);
    expect(problems('2025-12-31')).toEqual(['end_before_start payload.end_date']);
  });
});

describe('The executives preset', () => {
  const wrong = (mapping: object) => () =>
    executives(mapping as ExecutivesMapping).define(demoSchema);

  it.each([
    ['a content type', { person: { ...person, uid: 'api::nobody.nobody' } }, /person\.uid.*nobody/],
    [
      'a field',
      { person: { ...person, fields: { ...person.fields, title: 'job' } } },
      /person\.fields\.title.*"job"/,
    ],
    ['an unknown option', { person: { ...person, titleRankings: [] } }, /person.*titleRankings/],
    ['a missing option', { person: { uid: PERSON } }, /person\.fields/],
    ['shows', { person: { ...person, shows: 'name.slug' } }, /person\.shows.*name/],
    [
      'territories',
      { person: { ...person, territories: { field: 'nowhere' } } },
      /person\.territories\.field.*"nowhere"/,
    ],
    ['a relation', { person, showLead: { ...leads, person: 'show' } }, /showLead\.person.*people/],
    [
      'an attribute of the show',
      { person, assignments: { ...assignments, fields: { title: 'headline' } } },
      /assignments\.fields\.title.*"headline"/,
    ],
    ['a holder', { person, roles: { ...roles, holder: 'name' } }, /roles\.holder.*relation/],
  ])('stops the boot over %s that is wrong, by its name', (_, mapping, message) => {
    expect(wrong(mapping)).toThrow(message);
    expect(wrong(mapping)).toThrow(/^executives preset/);
  });
});
