import { describe, expect, it } from 'vitest';
import { pseudonym, treatmentFor, treatPersonal } from '../../../server/src/domain/personal-data';
import type { Clearance } from '../../../server/src/domain/personal-data';

const KEY = Buffer.alloc(32, 7);

const PAYLOAD = {
  executive_id: 'e1',
  name: 'Lee Mason',
  age: 51,
  titles: [
    { title: 'Rivals', contact: { email: 'lee@example.com', phone: null } },
    { title: 'Harbour Lights', contact: { email: 'ana@example.com', phone: '555' } },
  ],
  aliases: ['Lee', 'L. M.'],
};

const PATHS = ['name', 'age', 'titles[].contact.email', 'aliases'];

function treated(clearance: Clearance, payload: unknown = PAYLOAD, paths = PATHS): unknown {
  const treat = treatmentFor(clearance, KEY);
  return treat ? treatPersonal(payload, paths, treat) : payload;
}

describe('Personal data', () => {
  it('is left out for the public, wherever it stands', () => {
    expect(treated('public')).toEqual({
      executive_id: 'e1',
      titles: [
        { title: 'Rivals', contact: { phone: null } },
        { title: 'Harbour Lights', contact: { phone: '555' } },
      ],
      aliases: [],
    });
  });

  it('becomes pseudonyms for a partner, and is left out where it is no text', () => {
    expect(treated('partner')).toEqual({
      executive_id: 'e1',
      name: pseudonym('Lee Mason', KEY),
      titles: [
        { title: 'Rivals', contact: { email: pseudonym('lee@example.com', KEY), phone: null } },
        {
          title: 'Harbour Lights',
          contact: { email: pseudonym('ana@example.com', KEY), phone: '555' },
        },
      ],
      aliases: [pseudonym('Lee', KEY), pseudonym('L. M.', KEY)],
    });
  });

  it('stays as it is for whoever is cleared for all', () => {
    expect(treated('internal')).toBe(PAYLOAD);
  });

  it('is the same pseudonym for the same text and key, and another under another key', () => {
    expect(pseudonym('Lee Mason', KEY)).toMatch(/^pn_[\w-]{22}$/);
    expect(pseudonym('Lee Mason', KEY)).toBe(pseudonym('Lee Mason', KEY));
    expect(pseudonym('Lee Mason', KEY)).not.toBe(pseudonym('Lee Mason', Buffer.alloc(32, 8)));
    expect(pseudonym('Lee Mason', KEY)).not.toBe(pseudonym('Lee Mayson', KEY));
  });

  it('is an object as a whole where the path names one', () => {
    expect(treated('partner', { contact: { name: 'Lee' }, id: 1 }, ['contact'])).toEqual({ id: 1 });
  });

  it.each([
    ['a path that leads nowhere', { id: 1 }, ['name', 'titles[].name', 'id.name']],
    ['null in its place', { name: null }, ['name']],
    ['something else than a list', { titles: 'none' }, ['titles[].name']],
    ['a list instead of an object', { contact: ['x'] }, ['contact.name']],
    ['a payload that is none', null, ['name']],
  ])('is not looked for in vain: %s', (_, payload, paths) => {
    expect(treated('public', payload, paths)).toEqual(payload);
  });

  it('keeps the order of members, and what was given is not changed', () => {
    const before = JSON.stringify(PAYLOAD);
    expect(Object.keys(treated('partner') as object)).toEqual([
      'executive_id',
      'name',
      'titles',
      'aliases',
    ]);
    expect(JSON.stringify(PAYLOAD)).toBe(before);
  });
});
