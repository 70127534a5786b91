import { describe, expect, it } from 'vitest';
import { generic } from '../../../config';
import type { DocumentState } from '../../../server/src/domain/change';
import { ownAttributes } from '../../../server/src/domain/content-type';
import type { Attributes, ContentSchema } from '../../../server/src/domain/content-type';
import type { ChangeContext, EventDefinition } from '../../../server/src/domain/definition';
import { changeText, compareSchemas } from '../../../server/src/domain/schema-change';
import { makePayloads } from '../../../server/src/flow/make-payload';

const ARTICLE = 'api::article.article';

const SEO: Attributes = {
  title: { type: 'string' },
  image: { type: 'media' },
  secret: { type: 'string', private: true },
  inner: { type: 'component', component: 'default.seo' },
};

const EVERYTHING: Attributes = {
  title: { type: 'string' },
  body: { type: 'richtext' },
  notes: { type: 'text' },
  slug: { type: 'uid' },
  mail: { type: 'email' },
  password: { type: 'password' },
  hidden: { type: 'string', private: true },
  status: { type: 'enumeration', enum: ['open', 'closed'] },
  views: { type: 'integer' },
  price: { type: 'decimal' },
  score: { type: 'float' },
  isbn: { type: 'biginteger' },
  live: { type: 'boolean' },
  day: { type: 'date' },
  at: { type: 'time' },
  moment: { type: 'datetime' },
  stamp: { type: 'timestamp' },
  extra: { type: 'json' },
  blocks: { type: 'blocks' },
  colour: { type: 'plugin-type-of-tomorrow' },
  cover: { type: 'media', multiple: false },
  gallery: { type: 'media', multiple: true },
  author: { type: 'relation', relation: 'manyToOne', target: ARTICLE },
  tags: { type: 'relation', relation: 'manyToMany', target: ARTICLE },
  anything: { type: 'relation', relation: 'morphToOne' },
  things: { type: 'relation', relation: 'morphToMany' },
  odd: { type: 'relation' },
  seo: { type: 'component', component: 'default.seo' },
  seos: { type: 'component', component: 'default.seo', repeatable: true },
  zone: { type: 'dynamiczone', components: ['default.seo', 'default.quote'] },
  empty: { type: 'dynamiczone', components: [] },
};

const contentType = (uid: string, attributes: Attributes, draftAndPublish = false) => ({
  uid,
  displayName: uid,
  draftAndPublish,
  localized: false,
  attributes,
  own: ownAttributes(attributes),
});

function schemaOf(types: Record<string, Attributes>): ContentSchema {
  const component = (attributes: Attributes) => ({ attributes, own: ownAttributes(attributes) });
  return {
    contentTypes: Object.fromEntries(
      Object.entries(types).map(([uid, attributes]) => [uid, contentType(uid, attributes)]),
    ),
    components: {
      'default.seo': component(SEO),
      'default.quote': component({ text: { type: 'text' } }),
    },
  };
}

function definitionOf(types: Record<string, Attributes>, type = 'entry.created'): EventDefinition {
  const found = generic()
    .define(schemaOf(types))
    .find((definition) => definition.type === type);
  if (!found) throw new Error(`There is no ${type}`);
  return found;
}

function created(uid: string, after: DocumentState): ChangeContext {
  return {
    uid,
    documentId: 'abc',
    locale: null,
    action: 'create',
    moment: null,
    draftAndPublish: false,
    status: 'published',
    before: null,
    after,
    changed: Object.keys(after),
    actor: { type: 'system', user_id: null, display_name: null, role: null },
    now: new Date(0),
  };
}

function made(after: DocumentState, attributes = EVERYTHING) {
  const definition = definitionOf({ [ARTICLE]: attributes });
  return makePayloads(definition, created(ARTICLE, after))[0]?.made;
}

const ROW = { id: 1, documentId: 'xyz' };
const FILE = { id: 1, url: '/a.png', name: 'a.png', mime: 'image/png', size: 12.5, width: 1 };

describe('The payload of a generic event', () => {
  it('is valid for every kind of attribute, as the database layer gives them', () => {
    const problems = made({
      title: 'A',
      body: '# A',
      notes: '',
      slug: 'a',
      mail: 'not an address any more',
      password: '$2a$10$',
      hidden: 'x',
      status: 'a value that was taken out',
      views: 3,
      price: 1.5,
      score: 0.1,
      isbn: '9007199254740993',
      live: true,
      day: '2026-01-15',
      at: '09:30:00.000',
      moment: '2026-01-15T09:30:00.000Z',
      stamp: '1768469400000',
      extra: [{ any: 'thing' }, null, 3],
      blocks: [{ type: 'paragraph', children: [{ type: 'text', text: 'A' }] }],
      colour: '#ffffff',
      cover: FILE,
      gallery: [FILE, { ...FILE, size: null }],
      author: ROW,
      tags: [ROW, ROW],
      anything: { ...ROW, __type: ARTICLE },
      things: [{ ...ROW, __type: ARTICLE }],
      odd: [ROW],
      seo: {
        id: 1,
        title: 'S',
        image: FILE,
        secret: 'x',
        inner: { id: 2, title: 'T', inner: null },
      },
      seos: [{ id: 1, title: null, image: null }],
      zone: [
        { id: 1, __component: 'default.seo', title: 'S', image: null },
        { id: 1, __component: 'default.quote', text: 'Q' },
        { id: 1, __component: 'default.gone', text: 'of a component that was taken out' },
      ],
      empty: [],
    });
    expect(problems?.problems).toEqual([]);
    const { entry } = problems?.payload as { entry: Record<string, unknown> };
    expect(entry).not.toHaveProperty('password');
    expect(entry).not.toHaveProperty('hidden');
    expect(entry).toMatchObject({
      isbn: '9007199254740993',
      status: 'a value that was taken out',
      author: { document_id: 'xyz' },
      seo: { title: 'S', inner: { title: 'T', inner: null } },
      zone: [{ __component: 'default.seo' }, { __component: 'default.quote', text: 'Q' }],
    });
    expect(entry['zone']).toHaveLength(2);
  });

  it('is valid for a draft, where everything may be null or missing', () => {
    const nulls = Object.fromEntries(Object.keys(EVERYTHING).map((name) => [name, null]));
    expect(made(nulls)?.problems).toEqual([]);
    expect(made({})?.problems).toEqual([]);
  });

  it('is valid for what a row keeps after the type of its attribute was changed', () => {
    const leftovers: unknown[] = ['text', 7, 1.5, NaN, Infinity, true, [], {}, new Date(0), -0];
    const scalars = Object.keys(EVERYTHING).filter(
      (name) =>
        !['relation', 'media', 'component', 'dynamiczone'].includes(EVERYTHING[name]?.type ?? ''),
    );
    for (const leftover of leftovers) {
      const row = Object.fromEntries(scalars.map((name) => [name, leftover]));
      expect(made(row)?.problems, String(leftover)).toEqual([]);
    }
  });

  it('names what is wrong where the schema and the entry differ all the same', () => {
    const { payload } = definitionOf({ [ARTICLE]: { title: { type: 'string' } } });
    const parsed = payload.safeParse({ content_type: ARTICLE, entry: { title: 3 }, previous: {} });
    expect(parsed.success ? [] : parsed.error.issues.map(({ path }) => path)).toEqual([
      ['entry', 'title'],
    ]);
    expect(
      payload.safeParse({ content_type: 'api::other.other', entry: {}, previous: {} }).success,
    ).toBe(false);
  });
});

describe('The schema of a generic event', () => {
  const TITLE: Attributes = { title: { type: 'string' } };
  const before = { [ARTICLE]: TITLE };
  const changed = (
    after: Record<string, Attributes>,
    from: Record<string, Attributes> = before,
  ) => {
    const { kind, changes } = compareSchemas(definitionOf(from).schema, definitionOf(after).schema);
    return { kind, changes: changes.map(changeText) };
  };

  it('holds each content type and component once, however often it is used', () => {
    const { schema } = definitionOf({ [ARTICLE]: EVERYTHING });
    expect(Object.keys(schema['$defs'] as object).sort()).toEqual([
      'api.article.article',
      'block.default.quote',
      'block.default.seo',
      'default.seo',
    ]);
  });

  it('is one for which the versions are counted', () => {
    expect(definitionOf(before)).toMatchObject({ version: '1.0.0', automaticVersion: true });
  });

  it('can be read after an attribute was added', () => {
    expect(changed({ [ARTICLE]: { ...TITLE, live: { type: 'boolean' } } })).toEqual({
      kind: 'compatible',
      changes: ['(content_type "api::article.article").entry.live: was added'],
    });
  });

  it('can be read after a content type or a component was added', () => {
    expect(changed({ ...before, 'api::show.show': TITLE })).toEqual({
      kind: 'compatible',
      changes: ['payload: now describes an object (content_type "api::show.show")'],
    });
    const zone = (components: string[]): Record<string, Attributes> => ({
      [ARTICLE]: { zone: { type: 'dynamiczone', components } },
    });
    expect(changed(zone(['default.seo', 'default.quote']), zone(['default.seo']))).toMatchObject({
      kind: 'compatible',
    });
    expect(changed(before, {})).toMatchObject({ kind: 'compatible' });
  });

  it('cannot be read after an attribute was removed, made private, or given another type', () => {
    for (const after of [
      {},
      { title: { type: 'string', private: true } },
      { title: { type: 'integer' } },
    ]) {
      expect(changed({ [ARTICLE]: after })).toMatchObject({ kind: 'breaking' });
    }
  });

  it('is the same after a value was added to an enumeration', () => {
    const status = (values: string[]): Record<string, Attributes> => ({
      [ARTICLE]: { status: { type: 'enumeration', enum: values } },
    });
    expect(changed(status(['a', 'b']), status(['a']))).toEqual({ kind: 'none', changes: [] });
  });
});
