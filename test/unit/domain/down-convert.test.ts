import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../../config';
import { downConvert } from '../../../server/src/domain/down-convert';
import type { EventBody } from '../../../server/src/domain/event';

const definition = defineEvent({
  type: 'person.renewed',
  version: '3.1.0',
  summary: 'A person was renewed.',
  source: { uid: 'api::person.person' },
  payload: z.strictObject({ first: z.string(), last: z.string() }),
  previousVersions: [
    {
      version: '2.4.0',
      payload: z.strictObject({ name: z.string().min(1) }),
      down: ({ first, last }: { first: string; last: string }) => ({
        name: `${first} ${last}`.trim(),
      }),
    },
    {
      version: '1.0.0',
      payload: z.strictObject({ who: z.string().max(20) }),
      down: ({ name }: { name: string }) => ({ who: name }),
    },
  ],
  when: () => true,
  build: () => ({ first: 'Lee', last: 'Mason' }),
});

const event = (schema_version: string, payload: unknown): EventBody => ({
  event_id: 'e1',
  event_type: 'person.renewed',
  schema_version,
  sequence_number: 1,
  producer_id: 'cms',
  occurred_at: '2026-01-17T14:32:00.000Z',
  produced_at: '2026-01-17T14:32:00.041Z',
  actor: { type: 'system', user_id: null, display_name: null, role: null },
  subject: { type: 'api::person.person', id: 'p1', locale: null, change_token: 't' },
  changed: [],
  payload,
});

const LEE = { first: 'Lee', last: 'Mason' };

describe('An event in an older major version', () => {
  it('is made step by step, and is in nothing else another event', () => {
    const newest = event('3.1.0', LEE);
    expect(downConvert(definition, newest, 2)).toEqual({
      kind: 'converted',
      event: { ...newest, schema_version: '2.4.0', payload: { name: 'Lee Mason' } },
    });
    expect(downConvert(definition, newest, 1)).toEqual({
      kind: 'converted',
      event: { ...newest, schema_version: '1.0.0', payload: { who: 'Lee Mason' } },
    });
  });

  it('is made from where it was recorded', () => {
    expect(downConvert(definition, event('2.0.0', { name: 'Lee' }), 1)).toMatchObject({
      event: { schema_version: '1.0.0', payload: { who: 'Lee' } },
    });
  });

  it('is refused where a step makes what breaks the schema of its version, with the reason', () => {
    const long = { first: 'Lee', last: 'Mason of the very long name' };
    expect(downConvert(definition, event('3.1.0', long), 1)).toEqual({
      kind: 'unavailable',
      later: false,
      reason: expect.stringMatching(
        /version 1\.0\.0 of person\.renewed.*payload\.who: Too big.*nothing was sent/,
      ),
    });
    const none = { first: '', last: '' };
    expect(downConvert(definition, event('3.1.0', none), 1)).toMatchObject({
      reason: expect.stringMatching(/version 2\.4\.0.*payload\.name/),
    });
  });

  it('is refused where a step throws', () => {
    expect(downConvert(definition, event('3.1.0', null), 2)).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringMatching(/Cannot destructure/),
    });
  });

  it('is refused where no step leads to it', () => {
    for (const major of [0, 3, 4, NaN]) {
      expect(downConvert(definition, event('3.1.0', LEE), major)).toMatchObject({
        kind: 'unavailable',
        later: false,
      });
    }
    expect(downConvert(undefined, event('3.1.0', LEE), 1)).toMatchObject({ later: false });
  });

  it('is left to a newer process where the event was recorded by one', () => {
    expect(downConvert(definition, event('4.0.0', LEE), 2)).toMatchObject({
      kind: 'unavailable',
      later: true,
    });
  });
});

describe('Older versions of a definition', () => {
  it('must be of falling major versions', () => {
    const older = (...versions: string[]) =>
      defineEvent({
        type: 'a.b',
        version: '2.0.0',
        summary: 'S',
        source: { uid: 'api::a.a' },
        payload: z.unknown(),
        previousVersions: versions.map((version) => ({
          version,
          payload: z.unknown(),
          down: (payload: unknown) => payload,
        })),
        when: () => true,
        build: () => ({}),
      });
    expect(() => older('1.0.0', '0.1.0')).not.toThrow();
    expect(() => older('2.0.0')).toThrow(/previousVersions\.0\.version: must be of an older major/);
    expect(() => older('1.1.0', '1.0.0')).toThrow(/previousVersions\.1\.version/);
    expect(() => older('01.0.0')).toThrow(/must be like/);
  });
});
