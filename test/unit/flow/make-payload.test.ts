import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent, type EventInput } from '../../../config';
import type { ChangeContext } from '../../../server/src/domain/definition';
import { makePayloads } from '../../../server/src/flow/make-payload';

const payload = z.strictObject({ title: z.string() });

const change: ChangeContext = {
  uid: 'api::slate.slate',
  documentId: 'drama',
  locale: null,
  action: 'update',
  moment: null,
  draftAndPublish: true,
  status: 'published',
  before: null,
  after: { added: ['Rivals', 'Vault 9'] },
  changed: ['added'],
  actor: { type: 'system', user_id: null, display_name: null, role: null },
  now: new Date('2026-01-20T12:00:00.000Z'),
};

const available = (rest: Partial<EventInput<typeof payload>> = {}) =>
  defineEvent({
    type: 'title.available',
    version: '1.0.0',
    summary: 'A title was added.',
    source: { uid: 'api::slate.slate' },
    payload,
    parts: ({ after }) => after?.['added'] as string[],
    when: () => true,
    build: ({ part }) => ({ title: String(part) }),
    ...rest,
  });

describe('The parts of a change', () => {
  it('make an event each, with a scope of its own', () => {
    const definition = available({
      scope: ({ part }) => ({ territories: part === 'Rivals' ? ['GB'] : ['FR'] }),
    });
    expect(makePayloads(definition, change)).toMatchObject([
      { change: { part: 'Rivals' }, made: { payload: { title: 'Rivals' }, problems: [] } },
      { made: { payload: { title: 'Vault 9' }, scope: { territories: ['FR'] } } },
    ]);
  });

  it('are asked for one by one, so that one that is wrong costs the others nothing', () => {
    const definition = available({
      when: ({ part }) => part !== 'Rivals',
      parts: () => ['Rivals', 'Vault 9', 'Harbour Lights'],
      build: ({ part }) => ({ title: part === 'Vault 9' ? (9 as never) : String(part) }),
    });
    const problems = makePayloads(definition, change).map(({ made }) => made.problems.length);
    expect(problems).toEqual([1, 0]);
  });

  it('make no event where there are none, and an invalid one where there are far too many', () => {
    expect(makePayloads(available({ parts: () => [] }), change)).toEqual([]);
    const flood = available({ parts: () => Array<string>(1_001).fill('Rivals') });
    expect(makePayloads(flood, change)).toMatchObject([
      { made: { payload: null, problems: [{ code: 'definition_failed' }] } },
    ]);
  });

  it('make an invalid event where the definition fails to name them', () => {
    const failing = available({
      parts: () => {
        throw new Error('No list');
      },
    });
    expect(makePayloads(failing, change)).toMatchObject([
      { made: { problems: [{ message: 'The definition failed: No list' }] } },
    ]);
  });
});
