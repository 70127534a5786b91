import { describe, expect, expectTypeOf, it, test } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../../config';
import type { EventInput } from '../../../config';

const payload = z.strictObject({
  slate: z.string(),
  contact: z.strictObject({ email: z.email() }).nullable(),
  titles: z.array(z.strictObject({ title: z.string(), territories: z.array(z.string()) })),
});
type Input = EventInput<typeof payload>;

const EXAMPLE = {
  slate: 'Spring',
  contact: null,
  titles: [{ title: 'Rivals', territories: ['GB'] }],
};

const given: Input = {
  type: 'slate.announced',
  version: '2.1.0',
  summary: 'A slate was announced.',
  source: { uid: 'api::slate.slate' },
  payload,
  when: () => true,
  build: () => EXAMPLE,
};
const define = (rest: object) => () => defineEvent({ ...given, ...rest });

describe('defineEvent', () => {
  it('fills in what is left out', () => {
    expect(defineEvent(given)).toMatchObject({
      type: 'slate.announced',
      audience: 'internal',
      approval: false,
      priority: 'normal',
      automaticVersion: false,
      sources: [{ uid: 'api::slate.slate', counts: 'published' }],
      examples: [],
      rules: [],
      personal: [],
      previousVersions: [],
      schema: { type: 'object', required: ['slate', 'contact', 'titles'] },
    });
  });

  it('takes several sources, each with what it looks at', () => {
    const { sources } = defineEvent({
      ...given,
      source: [
        {
          uid: 'api::slate.slate',
          counts: 'draft',
          actions: ['update'],
          populate: { titles: true },
        },
        { uid: 'api::title.title' },
      ],
    });
    expect(sources).toEqual([
      { uid: 'api::slate.slate', counts: 'draft', actions: ['update'], populate: { titles: true } },
      { uid: 'api::title.title', counts: 'published' },
    ]);
  });

  it('knows the paths and lists of a payload by its schema', () => {
    expectTypeOf<NonNullable<Input['personal']>[number]>().toEqualTypeOf<
      | 'slate'
      | 'contact'
      | 'contact.email'
      | 'titles'
      | 'titles[]'
      | 'titles[].title'
      | 'titles[].territories'
      | 'titles[].territories[]'
    >();
    expectTypeOf<NonNullable<Input['items']>['list']>().toEqualTypeOf<'titles'>();
    expectTypeOf<ReturnType<Input['build']>>().toEqualTypeOf<z.input<typeof payload>>();
    expect(define({ personal: ['contact.email', 'titles[].title'] })).not.toThrow();
  });

  test.each<[field: string, rest: object, problem: RegExp]>([
    ['type', { type: 'Announced' }, /dotted lower case/],
    ['version', { version: '2' }, /like "1\.0\.0"/],
    ['summary', { summary: '' }, /summary/],
    ['source', { source: [] }, /source/],
    ['source', { source: { uid: 'api::slate.slate', counts: 'live' } }, /source/],
    ['audience', { audience: 'everybody' }, /audience/],
    ['priority', { priority: 'urgent' }, /priority/],
    ['payload', { payload: { type: 'object' } }, /zod schema/],
    ['payload', { payload: z.strictObject({ at: z.date() }) }, /JSON Schema/],
    ['when', { when: true }, /must be a function/],
    ['build', { build: undefined }, /must be a function/],
    ['personal.0', { personal: ['contact.phone'] }, /nothing at "contact\.phone"/],
    ['items.list', { items: { list: 'slate', scope: () => null } }, /no list "slate"/],
    ['examples.0', { examples: [{ slate: 1 }] }, /slate: .*expected string/],
    ['rules.0.check', { rules: [{ code: 'a', summary: 'b' }] }, /must be a function/],
    ['changelog.0.version', { changelog: [{ version: 'x', changes: ['y'] }] }, /like "1\.0\.0"/],
    ['aproval', { aproval: true }, /aproval/],
  ])('names the definition and the field %s when that is wrong', (field, rest, problem) => {
    expect(define(rest)).toThrow(/^Event definition ("slate\.announced"|"Announced"): /);
    expect(define(rest)).toThrow(problem);
    expect(define(rest)).toThrow(field.includes('.') ? field : field.slice(0, 4));
  });

  it('holds an older version to what it makes of the examples', () => {
    const older = z.strictObject({ name: z.string() });
    const down = (newer: z.output<typeof payload>) => ({ name: newer.slate });
    const previous = { version: '1.4.0', payload: older, down };
    const definition = defineEvent({ ...given, examples: [EXAMPLE], previousVersions: [previous] });
    expect(definition.previousVersions).toMatchObject([
      { version: '1.4.0', schema: { required: ['name'] } },
    ]);
    const wrong = { ...previous, down: () => ({ title: 'Spring' }) };
    expect(define({ examples: [EXAMPLE], previousVersions: [wrong] })).toThrow(
      /previousVersions\.0\.down: of examples\.0 it makes what breaks the schema of 1\.4\.0: name: /,
    );
  });
});
