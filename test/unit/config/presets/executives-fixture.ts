import type { ExecutivesMapping } from '../../../../config';
import type { Row } from './make-events';

export const PERSON = 'api::person.person';
export const SHOW = 'api::show.show';
export const ASSIGNMENT = 'api::role-assignment.role-assignment';
export const ROLE = 'api::executive-role.executive-role';

export const person: ExecutivesMapping['person'] = {
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
export const assignments = {
  uid: ASSIGNMENT,
  person: 'person',
  show: 'show',
  role: 'role',
  startDate: 'start_date',
  endDate: 'end_date',
  fields: { title: 'title', slug: 'slug' },
};
export const leads = { ...assignments, leadRoles: ['show_lead'] };
export const roles = {
  uid: ROLE,
  fields: { name: 'name', scope: 'scope', effectiveDate: 'effective_date' },
  holder: 'holder',
};

export const lee = (changes: Row = {}): Row => ({
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
export const rivals = {
  documentId: 'rivals',
  title: 'Rivals',
  slug: 'rivals',
  publishedAt: '2026-01-01',
};
export const lead = (changes: Row = {}): Row => ({
  documentId: 'assignment',
  label: 'Rivals · show lead',
  role: 'show_lead',
  person: lee(),
  show: rivals,
  start_date: '2026-01-01',
  end_date: null,
  ...changes,
});
