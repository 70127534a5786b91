import { describe, expect, it, test } from 'vitest';
import type { DocumentState } from '../../../server/src/domain/change';
import {
  changedAttributes,
  changeToken,
  normaliseState,
  type AttributeMap,
} from '../../../server/src/domain/diff';
import { components, DIFFERENT, json, relation, SAME, string, zone } from './diff-cases';

/** Whether a value of an attribute counts as changed, with its normal form and its token saying the same. */
function differs(attribute: AttributeMap[string], before: unknown, after: unknown): boolean {
  const attributes = { it: attribute };
  const states = [{ it: before }, { it: after }] as const;
  const changed = changedAttributes(states[0], states[1], attributes, components).length > 0;
  const [a, b] = states.map((state) => normaliseState(state, attributes, components));
  expect(JSON.stringify(a) !== JSON.stringify(b), 'the normal form agrees').toBe(changed);
  expect(changeToken(a!) !== changeToken(b!), 'the token agrees').toBe(changed);
  return changed;
}

describe('the comparison of two states', () => {
  test.each(SAME)('takes for the same: %s', (_what, attribute, before, after) => {
    expect(differs(attribute, before, after)).toBe(false);
    expect(differs(attribute, after, before)).toBe(false);
  });

  test.each(DIFFERENT)('takes for different: %s', (_what, attribute, before, after) => {
    expect(differs(attribute, before, after)).toBe(true);
    expect(differs(attribute, after, before)).toBe(true);
  });

  it('names what differs, in the order of the schema', () => {
    const attributes = { title: string, name: string, show: relation };
    expect(
      changedAttributes(
        { name: 'Lee', title: 'Director', show: { documentId: 'a' } },
        { show: null, title: 'VP', name: 'Lee' },
        attributes,
      ),
    ).toEqual(['title', 'show']);
  });

  it('of nothing with something names what has a value, and so the other way round', () => {
    const attributes = { name: string, title: string, shows: relation, tags: json };
    const state = { name: 'Lee', title: null, shows: [], tags: { a: 1 } };
    expect(changedAttributes(null, state, attributes)).toEqual(['name', 'tags']);
    expect(changedAttributes(state, null, attributes)).toEqual(['name', 'tags']);
    expect(changedAttributes(null, null, attributes)).toEqual([]);
  });

  it('leaves out what was not read, and what the schema does not know', () => {
    const attributes = { name: string, shows: relation };
    expect(changedAttributes({ name: 'a' }, { name: 'a' }, attributes)).toEqual([]);
    expect(changedAttributes({ extra: 1 }, { extra: 2 }, attributes)).toEqual([]);
  });

  it('leaves out bookkeeping and passwords', () => {
    const names = [
      'id',
      'documentId',
      'createdAt',
      'updatedAt',
      'publishedAt',
      'createdBy',
      'updatedBy',
      'locale',
      'localizations',
    ];
    const attributes: Record<string, AttributeMap[string]> = { secret: { type: 'password' } };
    for (const name of names) attributes[name] = string;
    const state = (value: string): DocumentState =>
      Object.fromEntries(Object.keys(attributes).map((name) => [name, value]));
    expect(changedAttributes(state('a'), state('b'), attributes)).toEqual([]);
    expect(normaliseState(state('a'), attributes)).toEqual({});
  });

  it("compares a locale within a component, where the word is the editor's own", () => {
    const own = { 'a.b': { attributes: { locale: string } } };
    const attributes = { it: { type: 'component', component: 'a.b' } };
    expect(
      changedAttributes({ it: { locale: 'de' } }, { it: { locale: 'en' } }, attributes, own),
    ).toEqual(['it']);
  });
});

describe('a normalised state', () => {
  it('is canonical JSON: sorted keys, identities, no absent values', () => {
    const attributes = {
      title: string,
      price: { type: 'decimal' },
      shows: relation,
      renditions: { type: 'component', component: 'media.rendition', repeatable: true },
      body: zone,
      empty: string,
    };
    const state = {
      id: 4,
      body: [{ id: 1, __component: 'page.quote', text: 'hello' }],
      title: 'Rivals',
      price: 12.5,
      shows: [{ documentId: 'b' }, { id: 2, documentId: 'a' }],
      renditions: [{ id: 8, codec: 'av1', bitrate: 5, file: { documentId: 'f' } }],
      empty: null,
    };
    expect(JSON.stringify(normaliseState(state, attributes, components))).toBe(
      '{"body":[["page.quote",{"text":"hello"}]],"price":"12.5",' +
        '"renditions":[{"bitrate":"5","codec":"av1","file":"f"}],"shows":["a","b"],"title":"Rivals"}',
    );
  });

  it('takes JSON as deep as a person would ever nest it', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 1_000; i += 1) deep = { deep };
    expect(() => changeToken(normaliseState({ it: deep }, { it: json }))).not.toThrow();
  });
});

describe('a change token', () => {
  it('is 22 characters that are safe in a URL', () => {
    expect(changeToken({ a: 1 })).toMatch(/^[\w-]{22}$/);
  });

  it('is the same today and tomorrow, and for keys in any order', () => {
    expect(changeToken({ a: 1, b: 'x' })).toBe('7PnpjsBkHiMRP_POi9x40N');
    expect(changeToken({ b: 'x', a: 1 })).toBe(changeToken({ a: 1, b: 'x' }));
  });

  it('tells a document that is gone from one that is empty', () => {
    expect(changeToken(null)).not.toBe(changeToken({}));
  });
});
