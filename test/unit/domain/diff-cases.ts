import type { AttributeMap } from '../../../server/src/domain/diff';

/** Pairs of values that the comparison takes for the same, and pairs that it takes for different. */

export const components = {
  'media.rendition': {
    attributes: {
      codec: { type: 'string' },
      bitrate: { type: 'biginteger' },
      file: { type: 'media', multiple: false },
      checks: { type: 'component', component: 'media.check', repeatable: true },
    },
  },
  'media.check': { attributes: { name: { type: 'string' }, passed: { type: 'boolean' } } },
  'page.quote': { attributes: { text: { type: 'text' } } },
  'page.shows': { attributes: { shows: { type: 'relation' } } },
};

export const string = { type: 'string' };
export const json = { type: 'json' };
export const relation = { type: 'relation' };
const media = { type: 'media' };
const rendition = { type: 'component', component: 'media.rendition' };
export const zone = { type: 'dynamiczone' };

type Case = [what: string, attribute: AttributeMap[string], before: unknown, after: unknown];

export const SAME: Case[] = [
  [
    'a date and an instant of that day',
    { type: 'date' },
    '2026-01-15',
    new Date('2026-01-15T10:00Z'),
  ],
  ['JSON with objects in a list', json, [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
  ['an instant within JSON', json, { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
  ['a relation as a row and as an id', relation, { id: 7 }, 7],
  ['an empty place among components', rendition, [null], [undefined]],
  ['an empty place in a zone', zone, [null], [undefined]],
  ['the same text', string, 'VP, Scripted', 'VP, Scripted'],
  ['null and undefined', string, null, undefined],
  ['an instant as Date and as text', { type: 'datetime' }, new Date(0), '1970-01-01T00:00:00.000Z'],
  [
    'an instant in two zones',
    { type: 'datetime' },
    '2026-01-15T01:00:00+01:00',
    '2026-01-15T00:00:00Z',
  ],
  ['a timestamp as ms text and as Date', { type: 'timestamp' }, '1700000000000', new Date(1.7e12)],
  [
    'a timestamp as ms number and as text',
    { type: 'timestamp' },
    1.7e12,
    '2023-11-14T22:13:20.000Z',
  ],
  ['a date as text and as Date', { type: 'date' }, '2026-01-15', new Date('2026-01-15')],
  ['a time with and without milliseconds', { type: 'time' }, '14:32:00', '14:32:00.000'],
  ['a decimal as number and as text', { type: 'decimal' }, 1.5, '1.50'],
  ['a decimal with zeros on both sides', { type: 'decimal' }, '007.0', 7],
  ['a negative nothing', { type: 'decimal' }, '-0.00', 0],
  ['a decimal in exponent form', { type: 'decimal' }, 1e-7, '0.0000001'],
  ['a large decimal in exponent form', { type: 'decimal' }, 1.5e21, '1500000000000000000000'],
  ['a decimal that begins with the point', { type: 'decimal' }, '.5', '0.5'],
  ['a biginteger as number and as text', { type: 'biginteger' }, 42, '42'],
  ['a biginteger as bigint', { type: 'biginteger' }, 9007199254740993n, '9007199254740993'],
  [
    'JSON with its keys in another order',
    json,
    { a: 1, b: { c: 2, d: 3 } },
    { b: { d: 3, c: 2 }, a: 1 },
  ],
  ['JSON with an undefined key', json, { a: 1, b: undefined }, { a: 1 }],
  [
    'a relation to the same document by another row',
    relation,
    { id: 1, documentId: 'a' },
    { id: 9, documentId: 'a', title: 'New' },
  ],
  [
    'relations in another order',
    relation,
    [{ documentId: 'a' }, { documentId: 'b' }],
    [{ documentId: 'b' }, { documentId: 'a' }],
  ],
  [
    'a relation to draft and published row',
    relation,
    [
      { id: 1, documentId: 'a' },
      { id: 2, documentId: 'a' },
    ],
    [{ id: 3, documentId: 'a' }],
  ],
  [
    'a relation by id where there is no documentId',
    relation,
    { id: 7, name: 'x' },
    { id: 7, name: 'y' },
  ],
  ['no relation and an empty list', relation, null, []],
  [
    'a file by another row',
    media,
    { id: 1, documentId: 'f', url: '/a' },
    { id: 2, documentId: 'f', url: '/b' },
  ],
  ['no files and an empty list', media, undefined, []],
  ['a component with another id', rendition, { id: 1, codec: 'h264' }, { id: 2, codec: 'h264' }],
  [
    'a component with absent and with null fields',
    rendition,
    { id: 1, codec: 'h264', bitrate: null, checks: [] },
    { id: 1, codec: 'h264' },
  ],
  [
    'a component within a component with another id',
    rendition,
    { checks: [{ id: 1, name: 'qc' }] },
    { checks: [{ id: 5, name: 'qc' }] },
  ],
  [
    'scalars within a component, normalised',
    rendition,
    { bitrate: '8000000' },
    { bitrate: 8_000_000 },
  ],
  [
    'a component without its schema with other ids',
    { type: 'component', component: 'not.known' },
    { id: 1, a: [{ id: 2, b: 1 }], c: null, show: { id: 3, documentId: 's', title: 'Old' } },
    { id: 4, a: [{ id: 5, b: 1 }], show: { id: 6, documentId: 's', title: 'New' } },
  ],
  ['no components and an empty list', rendition, null, []],
  [
    'a zone with other ids',
    zone,
    [{ __component: 'page.quote', id: 1, text: 'a' }],
    [{ __component: 'page.quote', id: 2, text: 'a' }],
  ],
  [
    'relations within a zone in another order',
    zone,
    [{ __component: 'page.shows', shows: [{ documentId: 'a' }, { documentId: 'b' }] }],
    [{ __component: 'page.shows', shows: [{ documentId: 'b' }, { documentId: 'a' }] }],
  ],
  ['no zone and an empty one', zone, null, []],
];

export const DIFFERENT: Case[] = [
  ['texts that are no instants', { type: 'datetime' }, 'soon', 'later'],
  ['a value that is no instant', { type: 'datetime' }, true, '1970-01-01T00:00:00.001Z'],
  [
    'another instant in a component without its schema',
    { type: 'component' },
    { at: new Date(0) },
    { at: new Date(1) },
  ],
  ['an unknown thing in a zone', zone, ['a'], ['b']],
  ['an unknown thing among components', rendition, ['a'], ['b']],
  ['another text', string, 'Executive Director', 'VP, Scripted'],
  ['a text and none', string, 'VP', null],
  ['an empty text and none', string, '', null],
  ['a number and its text', { type: 'integer' }, 1, '1'],
  ['false and none', { type: 'boolean' }, false, null],
  ['zero and none', { type: 'integer' }, 0, null],
  ['an instant a millisecond later', { type: 'datetime' }, new Date(0), new Date(1)],
  ['a date a day later', { type: 'date' }, '2026-01-15', '2026-01-16'],
  ['a time a second later', { type: 'time' }, '14:32:00', '14:32:01'],
  ['a decimal with another digit', { type: 'decimal' }, '1.50', '1.51'],
  ['a decimal with another sign', { type: 'decimal' }, '1.5', '-1.5'],
  ['ten times the decimal', { type: 'decimal' }, '1.5', '15'],
  [
    'the next biginteger beyond exact numbers',
    { type: 'biginteger' },
    '9007199254740992',
    '9007199254740993',
  ],
  ['a decimal that is none', { type: 'decimal' }, '.', '0'],
  ['JSON with a list in another order', json, [1, 2], [2, 1]],
  ['JSON with null where there was no key', json, { a: null }, {}],
  ['an empty JSON list and none', json, [], null],
  [
    'JSON with a __proto__ key',
    json,
    JSON.parse('{"__proto__":{"a":1}}'),
    JSON.parse('{"__proto__":{"a":2}}'),
  ],
  ['a text that is a date in JSON', json, '1970-01-01', '1970-01-01T00:00:00.000Z'],
  ['a relation to another document', relation, { documentId: 'a' }, { documentId: 'b' }],
  [
    'one relation more',
    relation,
    [{ documentId: 'a' }],
    [{ documentId: 'a' }, { documentId: 'b' }],
  ],
  ['a relation that was removed', relation, { documentId: 'a' }, null],
  [
    'a relation to the same id of another type',
    relation,
    { __type: 'api::a.a', id: 1 },
    { __type: 'api::b.b', id: 1 },
  ],
  ['another file', media, { documentId: 'f' }, { documentId: 'g' }],
  [
    'files in another order',
    media,
    [{ documentId: 'f' }, { documentId: 'g' }],
    [{ documentId: 'g' }, { documentId: 'f' }],
  ],
  ['a component with another value', rendition, { codec: 'h264' }, { codec: 'av1' }],
  [
    'components in another order',
    rendition,
    [{ codec: 'h264' }, { codec: 'av1' }],
    [{ codec: 'av1' }, { codec: 'h264' }],
  ],
  ['a component with nothing in it and none', rendition, { id: 1 }, null],
  [
    'another value two components deep',
    rendition,
    { checks: [{ name: 'qc', passed: true }] },
    { checks: [{ name: 'qc', passed: false }] },
  ],
  [
    'another file within a component',
    rendition,
    { file: { documentId: 'f' } },
    { file: { documentId: 'g' } },
  ],
  [
    'another value in a component without its schema',
    { type: 'component', component: 'not.known' },
    { a: [{ b: 1 }] },
    { a: [{ b: 2 }] },
  ],
  [
    'another component in a zone',
    zone,
    [{ __component: 'page.quote', text: 'a' }],
    [{ __component: 'page.pull-quote', text: 'a' }],
  ],
  [
    'a zone in another order',
    zone,
    [
      { __component: 'page.quote', text: 'a' },
      { __component: 'page.quote', text: 'b' },
    ],
    [
      { __component: 'page.quote', text: 'b' },
      { __component: 'page.quote', text: 'a' },
    ],
  ],
];
