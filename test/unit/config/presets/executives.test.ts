import { describe, expect, it } from 'vitest';
import { executives } from '../../../../config';
import type { ExecutivesMapping } from '../../../../config';
import { demoSchema } from './demo-schema';
import { eventsBy, momentsOf, NOW, typesOf } from './make-events';
import type { Row } from './make-events';

const PERSON = 'api::person.person';
const SHOW = 'api::show.show';
const ASSIGNMENT = 'api::role-assignment.role-assignment';
const ROLE = 'api::executive-role.executive-role';

const person: ExecutivesMapping['person'] = {
  uid: PERSON,
  fields: {
    name: 'name',
    title: 'title',
    role: 'executive_role',
    scope: 'scope',
    effectiveDate: 'effective_date',
    profileUrl: 'profile_url',
    signingAuthority: 'signing_authority',
    budgetLimit: 'budget_limit',
  },
  commissionerRoles: ['commissioner', 'executive_producer'],
  titleRanking: ['Commissioning Editor', 'Head of Drama', 'VP, Scripted'],
  shows: 'commissioned_shows.slug',
  territories: { field: 'scope', regions: { DACH: ['DE', 'AT', 'CH'], Global: null } },
};
const assignments = {
  uid: ASSIGNMENT,
  person: 'person',
  show: 'show',
  role: 'role',
  startDate: 'start_date',
  endDate: 'end_date',
  fields: { title: 'title', slug: 'slug' },
};
const leads = { ...assignments, leadRoles: ['show_lead'] };
const roles = {
  uid: ROLE,
  fields: { name: 'name', scope: 'scope', effectiveDate: 'effective_date' },
  holder: 'holder',
};

const lee = (changes: Row = {}): Row => ({
  documentId: 'lee',
  name: 'Lee Mason',
  title: 'Head of Drama',
  executive_role: 'commissioner',
  scope: ['DACH'],
  effective_date: '2026-01-15',
  signing_authority: false,
  budget_limit: null,
  publishedAt: '2026-01-01',
  commissioned_shows: [
    { documentId: 'rivals', slug: 'rivals', publishedAt: null },
    { documentId: 'rivals', slug: 'rivals', publishedAt: '2026-01-01' },
    { documentId: 'secret', slug: 'not-told-yet', publishedAt: null },
  ],
  ...changes,
});
const rivals = { documentId: 'rivals', title: 'Rivals', slug: 'rivals', publishedAt: '2026-01-01' };
const lead = (changes: Row = {}): Row => ({
  documentId: 'assignment',
  label: 'Rivals · show lead',
  role: 'show_lead',
  person: lee(),
  show: rivals,
  start_date: '2026-01-01',
  end_date: null,
  ...changes,
});

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
    expect(definition).toMatchObject({ priority: 'high', audience: 'partner' });
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

describe('A show lead', () => {
  const dated = executives({ person, showLead: leads });
  const make = eventsBy(dated);
  const cas = lee({ documentId: 'cas', name: 'Cas Webb' });

  it('by a relation is unassigned and assigned, when one replaces another', () => {
    const showLead = { uid: SHOW, relation: 'show_lead', fields: { title: 'title' } };
    const events = eventsBy(executives({ person, showLead }));
    const changed = events(SHOW, { ...rivals, show_lead: lee() }, { ...rivals, show_lead: cas });
    expect(changed).toMatchObject([
      {
        type: 'executive.show_lead.unassigned',
        problems: [],
        payload: { executive_id: 'lee', other_executive_id: 'cas', show: 'Rivals' },
      },
      {
        type: 'executive.show_lead.assigned',
        payload: { executive_id: 'cas', other_executive_id: 'lee', effective_date: null },
      },
    ]);
    expect(typesOf(events(SHOW, { ...rivals, show_lead: lee() }, null))).toEqual([
      'executive.show_lead.unassigned',
    ]);
  });

  it.each([
    ['that has begun is assigned', null, {}, ['assigned']],
    ['that is to come makes nothing yet', null, { start_date: '2026-02-01' }, []],
    ['that is over makes nothing', null, { end_date: '2026-01-19' }, []],
    ['that lasts until today counts', null, { end_date: '2026-01-20' }, ['assigned']],
    ['without dates counts', null, { start_date: null }, ['assigned']],
    ['of another role makes nothing', null, { role: 'editor' }, []],
    ['that is put off is unassigned', {}, { start_date: '2026-02-01' }, ['unassigned']],
    ['that is ended is unassigned', {}, { end_date: '2026-01-10' }, ['unassigned']],
    ['of another person is both', {}, { person: cas }, ['unassigned', 'assigned']],
    [
      'of another show is both',
      {},
      { show: { ...rivals, documentId: 'x' } },
      ['unassigned', 'assigned'],
    ],
    ['that is removed is unassigned', {}, null, ['unassigned']],
    ['that is to end makes nothing yet', {}, { end_date: '2026-12-31' }, []],
  ])('by an assignment %s', (_, before, after, expected) => {
    const events = make(ASSIGNMENT, before && lead(before), after && lead(after));
    expect(typesOf(events).map((type) => type.replace(/.*\./, ''))).toEqual(expected);
    expect(events.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('by an assignment is assigned on its first day and unassigned after its last, without a write', () => {
    const state = lead({ start_date: '2026-02-01', end_date: '2026-02-28' });
    const [assigned, unassigned] = ['assigned', 'unassigned'].map((type) =>
      momentsOf(dated, `executive.show_lead.${type}`, state),
    );
    expect(assigned).toEqual({ assignment_start: '2026-02-01T00:00:00.000Z' });
    expect(unassigned).toEqual({ assignment_end: '2026-03-01T00:00:00.000Z' });
    const due = (moment: string) =>
      make(ASSIGNMENT, state, state, { action: 'due', moment, changed: [], now: NOW });
    expect(due('assignment_start')).toMatchObject([
      {
        type: 'executive.show_lead.assigned',
        payload: { executive_id: 'lee', effective_date: '2026-02-01', other_executive_id: null },
      },
    ]);
    expect(due('assignment_end')).toMatchObject([
      { type: 'executive.show_lead.unassigned', payload: { effective_date: '2026-02-28' } },
    ]);
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
