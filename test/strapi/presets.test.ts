import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { expectContractsKept } from '../support/contracts';
import { dayIn, editing, inDays, problemsOf, typesOf } from '../support/editing';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const PERSON = 'api::person.person';
const SHOW = 'api::show.show';
const ASSIGNMENT = 'api::role-assignment.role-assignment';
const ROLE = 'api::executive-role.executive-role';
const TITLE = 'api::title.title';
const SLATE = 'api::slate.slate';
const OFFER = 'api::licence-offer.licence-offer';
const EDITION = 'api::edition.edition';

const TERMS = {
  exclusive: true,
  territories: ['FR'],
  term_length: 'P24M',
  fees: [{ amount: 185_000, currency: 'EUR' }],
  windows: [{ kind: 'linear', start_date: '2030-01-01', end_date: '2031-12-31' }],
};

describeOnEachDatabase('Presets on the demo', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let edit: ReturnType<typeof editing>;
  let show: string;
  let title: string;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({ database, options: { moments: { pollSeconds: 0.2 } } });
    edit = editing(app.strapi);
    show = (await edit.create(SHOW, { title: 'Harbour Lights', slug: 'hbl', genre: 'drama' }, true))
      .documentId;
    title = (await edit.create(TITLE, { title: 'Slack Water', content_id: 'HBL-1', show }, true))
      .documentId;
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  const person = (changes: object = {}) =>
    edit.create(PERSON, {
      name: 'Lee Mason',
      slug: `lee-${Math.random()}`,
      title: 'Head of Drama',
      executive_role: 'commissioner',
      scope: ['DACH'],
      ...changes,
    });
  const offer = (changes: object = {}) => ({
    internal_sku: `SKU-${Math.random()}`,
    offer_status: 'offered',
    title,
    license_terms: TERMS,
    preview_url: 'https://screeners.example/1',
    preview_expiry: inDays(30),
    primary_contact: 'Sofia Marchetti',
    ...changes,
  });

  it('tell a new authority to sign and to spend', async () => {
    const { documentId } = await person();
    const events = await edit.update(PERSON, documentId, {
      title: 'VP, Scripted',
      signing_authority: true,
      budget_limit: 250_000,
    });
    expect(problemsOf(events)).toEqual([]);
    expect(events).toMatchObject([
      { event_type: 'executive.commissioner.promoted' },
      {
        event_type: 'contract.signatory_changed',
        changed: ['title', 'signing_authority', 'budget_limit'],
        payload: {
          executive_id: documentId,
          previous_signing_authority: false,
          new_signing_authority: true,
          previous_budget_limit: null,
          new_budget_limit: 250_000,
        },
      },
    ]);
  });

  it('tell executive roles and who holds them', async () => {
    const { documentId: holder } = await person();
    const { documentId, events } = await edit.create(ROLE, {
      name: 'Head of Drama',
      holder,
      scope: ['Nordics'],
    });
    expect(events).toMatchObject([
      {
        event_type: 'executive_role.created',
        payload: { role: 'Head of Drama', executive_id: holder, name: 'Lee Mason' },
      },
    ]);
    expect(await edit.update(ROLE, documentId, { holder: null })).toMatchObject([
      {
        event_type: 'executive_role.updated',
        payload: { executive_id: null, previous: { executive_id: holder } },
      },
    ]);
    expect(await edit.remove(ROLE, documentId)).toMatchObject([
      { event_type: 'executive_role.updated', payload: { role: null } },
    ]);
  });

  it('tell assignments, with the published title of the show and not the one of its draft', async () => {
    const { documentId: executive } = await person();
    await edit.update(SHOW, show, { title: 'A secret new title' });
    const { documentId, events } = await edit.create(ASSIGNMENT, {
      label: 'Harbour Lights · editor',
      person: executive,
      show,
      role: 'editor',
      start_date: dayIn(-10),
    });
    expect(events).toMatchObject([
      {
        event_type: 'role_assignment.changed',
        problems: [],
        payload: { change: 'created', name: 'Lee Mason', show_id: show, show: 'Harbour Lights' },
      },
    ]);
    expect(await edit.update(ASSIGNMENT, documentId, { role: 'producer' })).toMatchObject([
      { payload: { change: 'changed', role: 'producer', previous: { role: 'editor' } } },
    ]);
    expect(await edit.remove(ASSIGNMENT, documentId)).toMatchObject([
      { payload: { change: 'removed', previous: { role: 'producer' } } },
    ]);
  });

  it('announce a slate when it is published, with the offers that point to it', async () => {
    const { documentId: slate } = await edit.create(SLATE, {
      title: 'Drama slate',
      slug: `drama-${Math.random()}`,
      titles: [title],
    });
    const { documentId: open, events } = await edit.create(OFFER, offer({ slate }));
    expect(typesOf(events)).toEqual(['license.offer', 'content.preview.ready']);
    await edit.create(OFFER, offer({ slate, offer_status: 'draft' }));
    await app.strapi.documents(SLATE).publish({ documentId: slate });
    const announced = await edit.next();
    expect(problemsOf(announced)).toEqual([]);
    expect(announced).toMatchObject([
      {
        event_type: 'slate.announce',
        payload: {
          name: 'Drama slate',
          titles: [
            {
              title_id: 'HBL-1',
              offer_id: open,
              title: 'Slack Water',
              genres: ['drama'],
              license_terms: { territories: ['FR'], fees: [{ amount: 185_000 }] },
            },
          ],
        },
      },
      {
        event_type: 'title.available',
        payload: { title_id: 'HBL-1', slate: 'Drama slate', slate_id: slate },
      },
    ]);
    const later = await edit.create(OFFER, offer({ slate }));
    expect(typesOf(later.events)).toEqual([
      'title.available',
      'license.offer',
      'content.preview.ready',
    ]);
  });

  it('announce a slate at its date, by the clock', async () => {
    const { documentId, events } = await edit.create(
      SLATE,
      {
        title: 'Autumn',
        slug: `autumn-${Math.random()}`,
        announce_date: dayIn(20),
        titles: [title],
      },
      true,
    );
    expect(events).toEqual([]);
    const due = await edit.letCome(SLATE, documentId, 'announce_date');
    expect(due[0]).toMatchObject({ actor: { type: 'system' }, subject: { id: documentId } });
    await waitFor(async () => due.push(...(await edit.next())) && due.length >= 2);
    expect(typesOf(due).sort()).toEqual(['slate.announce', 'title.available']);
  });

  it('tell offers and previews, and keep the limit of a preview', async () => {
    const { documentId, events } = await edit.create(OFFER, offer({ offer_status: 'draft' }));
    expect(events).toEqual([]);
    const opened = await edit.update(OFFER, documentId, { offer_status: 'offered' });
    expect(opened).toMatchObject([
      { event_type: 'title.available', payload: { title_id: 'HBL-1', title: 'Slack Water' } },
      { event_type: 'license.offer', payload: { offer_id: documentId, revised: false } },
      { event_type: 'content.preview.ready', payload: { offer_id: documentId } },
    ]);
    expect(problemsOf(opened)).toEqual([]);
    const [far] = await edit.update(OFFER, documentId, { preview_expiry: inDays(400) });
    expect(far).toMatchObject({
      event_type: 'content.preview.ready',
      status: 'invalid',
      problems: [{ code: 'expiry_out_of_limits', path: 'payload.preview_expiry' }],
    });
  });

  it('schedule, move and withdraw an edition', async () => {
    const dates = { start: inDays(5), end: inDays(6) };
    const items = [{ slot: '20:00', title }];
    const { documentId, events } = await edit.create(
      EDITION,
      { name: 'Saturday night', ...dates, items },
      true,
    );
    expect(events).toMatchObject([
      {
        event_type: 'edition.scheduled',
        payload: { name: 'Saturday night', ...dates, titles: ['HBL-1'] },
      },
    ]);
    const later = { end: inDays(7) };
    expect(await edit.update(EDITION, documentId, later, true)).toMatchObject([
      { event_type: 'edition.unscheduled', payload: dates },
      { event_type: 'edition.scheduled', payload: { ...dates, ...later } },
    ]);
    await app.strapi.documents(EDITION).unpublish({ documentId });
    expect(typesOf(await edit.next())).toEqual(['edition.unscheduled']);
  });

  it('keep, each event of them, to the schema that is published for it', async () => {
    // What no other test makes here.
    const { documentId } = await person({ name: 'Ada Quist' });
    await edit.update(PERSON, documentId, { effective_date: dayIn(1) });
    await edit.update(PERSON, documentId, { title: 'VP, Scripted' });
    await edit.update(SHOW, show, { show_lead: documentId }, true);
    await edit.update(SHOW, show, { show_lead: null }, true);
    await app.strapi.documents(SHOW).unpublish({ documentId: show });
    await edit.remove(PERSON, documentId);
    await expectContractsKept(app, [
      'contract.signatory_changed',
      'content.created',
      'content.preview.ready',
      'content.published',
      'edition.scheduled',
      'edition.unscheduled',
      'entry.created',
      'entry.deleted',
      'entry.published',
      'entry.unpublished',
      'entry.updated',
      'executive.commissioner.created',
      'executive.commissioner.promoted',
      'executive.commissioner.updated',
      'executive.show_lead.assigned',
      'executive.show_lead.unassigned',
      'executive_role.created',
      'executive_role.updated',
      'license.offer',
      'role_assignment.changed',
      'slate.announce',
      'title.available',
    ]);
  });
});
