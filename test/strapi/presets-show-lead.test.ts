import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executives } from '../../config';
import { dayIn, editing } from '../support/editing';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PERSON = 'api::person.person';
const SHOW = 'api::show.show';
const ASSIGNMENT = 'api::role-assignment.role-assignment';

describe('Show leads by assignments with dates', () => {
  let app: TestStrapi;

  beforeAll(async () => {
    const assignments = {
      uid: ASSIGNMENT,
      person: 'person',
      show: 'show',
      role: 'role',
      leadRoles: ['show_lead'],
      startDate: 'start_date',
      endDate: 'end_date',
      fields: { title: 'title', slug: 'slug' },
    };
    const preset = executives({
      person: { uid: PERSON, fields: { name: 'name', title: 'title' } },
      showLead: assignments,
    });
    app = await startStrapi({
      options: (options) => ({ ...options, presets: [preset], moments: { pollSeconds: 0.2 } }),
    });
  });
  afterAll(() => app.stop());

  it('are assigned on the first day and unassigned after the last, by the clock', async () => {
    const edit = editing(app.strapi);
    const { documentId: show } = await edit.create(SHOW, {
      title: 'Rivals',
      slug: 'rivals',
      genre: 'drama',
    });
    const { documentId: lead } = await edit.create(PERSON, {
      name: 'Callum Reid',
      slug: 'callum',
      title: 'Showrunner',
    });
    const { documentId, events } = await edit.create(ASSIGNMENT, {
      label: 'Rivals · show lead',
      person: lead,
      show,
      role: 'show_lead',
      start_date: dayIn(10),
    });
    expect(events).toEqual([]);
    expect(await edit.letCome(ASSIGNMENT, documentId, 'start_date')).toMatchObject([
      {
        event_type: 'executive.show_lead.assigned',
        actor: { type: 'system' },
        payload: { show_id: show, show: null, executive_id: lead, effective_date: dayIn(-2) },
      },
    ]);
    expect(await edit.update(ASSIGNMENT, documentId, { end_date: dayIn(10) })).toEqual([]);
    expect(await edit.letCome(ASSIGNMENT, documentId, 'end_date')).toMatchObject([
      {
        event_type: 'executive.show_lead.unassigned',
        payload: { show_id: show, name: 'Callum Reid' },
      },
    ]);
  });
});
