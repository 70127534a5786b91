import { describe, expect, it } from 'vitest';
import { executives } from '../../../../config';
import { SHOW, ASSIGNMENT, person, leads, lee, rivals, lead } from './executives-fixture';
import { eventsBy, momentsOf, NOW, typesOf } from './make-events';

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
