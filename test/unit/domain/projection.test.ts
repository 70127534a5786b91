import { describe, expect, it, test } from 'vitest';
import { compileProjection, pathProblem, prune } from '../../../server/src/domain/projection';

const EVENT = {
  event_id: 'e1',
  subject: { type: 'api::person.person', id: 'p1', locale: null },
  payload: {
    name: 'Lee',
    'full name': 'Lee Mason',
    shows: [
      { id: 1, slug: 'rivals', tags: ['a', 'b'] },
      { id: 2, slug: 'ludwig', tags: [] },
      { id: 3, slug: 'ludwig', tags: ['c'] },
    ],
    nothing: null,
  },
};

const project = (paths: string[], value: unknown = EVENT) =>
  JSON.parse(JSON.stringify(prune(value, compileProjection(paths).locate(value)))) as unknown;

describe('a projection', () => {
  test.each<[string, string[], unknown]>([
    ['one member', ['$.payload.name'], { payload: { name: 'Lee' } }],
    ['a member in quotes', ["$.payload['full name']"], { payload: { 'full name': 'Lee Mason' } }],
    ['a member that is null', ['$.payload.nothing'], { payload: { nothing: null } }],
    ['a whole branch', ['$.subject'], { subject: EVENT.subject }],
    [
      'a branch and a member of it: the branch',
      ['$.subject.id', '$.subject', '$.subject.type'],
      { subject: EVENT.subject },
    ],
    [
      'members of several branches, in the order of the event',
      ['$.payload.name', '$.event_id'],
      { event_id: 'e1', payload: { name: 'Lee' } },
    ],
    [
      'a member of every item',
      ['$.payload.shows[*].slug'],
      { payload: { shows: [{ slug: 'rivals' }, { slug: 'ludwig' }, { slug: 'ludwig' }] } },
    ],
    ['items without gaps', ['$.payload.shows[2].id'], { payload: { shows: [{ id: 3 }] } }],
    [
      'items in the order of the array, whatever the order of the paths',
      ['$.payload.shows[-1].id', '$.payload.shows[0].id'],
      { payload: { shows: [{ id: 1 }, { id: 3 }] } },
    ],
    [
      'a slice backwards, in the order of the array',
      ['$.payload.shows[::-2].id'],
      { payload: { shows: [{ id: 1 }, { id: 3 }] } },
    ],
    [
      'items by a filter',
      ["$.payload.shows[?@.slug == 'ludwig'].id"],
      { payload: { shows: [{ id: 2 }, { id: 3 }] } },
    ],
    [
      'descendants',
      ['$..id'],
      { subject: { id: 'p1' }, payload: { shows: [{ id: 1 }, { id: 2 }, { id: 3 }] } },
    ],
    ['everything', ['$'], EVENT],
    ['nothing that is not there', ['$.payload.salary', '$.payload.shows[9]', '$.name'], {}],
    ['nothing by what objects inherit', ['$.toString', '$.payload.constructor', '$.__proto__'], {}],
  ])('keeps %s', (_, paths, expected) => {
    expect(project(paths)).toEqual(expected);
  });

  it('keeps members that have the names of inherited ones, and changes no prototype', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"polluted":1},"constructor":2,"kept":3}');
    const text = JSON.stringify(
      prune(hostile, compileProjection(['$.__proto__', '$.constructor']).locate(hostile)),
    );
    expect(text).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('never holds what is not in the event, and is the same when it is projected again', () => {
    const lists = [['$.payload.shows[*].id'], ['$..slug', '$.subject'], ['$.*'], ['$.payload.*']];
    for (const paths of lists) {
      const once = project(paths);
      expect(isPartOf(once, EVENT)).toBe(true);
      expect(project(paths, once)).toEqual(once);
    }
  });

  test.each([
    ['$.payload.name', true],
    ['$.payload.shows[*].tags[0:2]', true],
    ['$..id', false],
    ['$.payload.shows[?@.id > 1]', false],
    ['$[*,*][*,*][*,*]', false],
    ["$['a','b']", false],
  ])('%s is looked up quickly: %s', (path, quick) => {
    expect(compileProjection([path]).quick).toBe(quick);
  });

  it('with many paths that look through everything is not looked up quickly', () => {
    const paths = (count: number) => Array.from({ length: count }, (_, i) => `$.payload.*.x${i}`);
    expect(compileProjection(paths(10)).quick).toBe(true);
    expect(compileProjection(paths(11)).quick).toBe(false);
  });
});

describe('a JSON path', () => {
  test.each([
    '$',
    '$.payload.name',
    '$.payload.shows[*].slug',
    "$['a b']",
    '$..id',
    '$.a[?@.b == 1]',
    '$.a[?match(@.b, "x.*")]',
    '$.é',
  ])('%s is one', (path) => {
    expect(pathProblem(path)).toBeNull();
  });

  test.each<[string, RegExp]>([
    ['', /backup|expected/],
    ['payload.name', /expected '\$'/],
    ['$.', /./],
    ['$..', /bald descendant/],
    ['$[', /unclosed bracket/],
    ['$.a[?@.b == ]', /./],
    ['$.a[01]', /leading zero/],
    ['$.a[99999999999999999999]', /out of range/],
    ['$.a b', /./],
    ['$.a[?nofunction(@)]', /./],
    [`$${'[?'.repeat(240)}`, /./],
    [`$[?${'('.repeat(240)}`, /./],
  ])('%s is none, and the parser says why', (path, words) => {
    const problem = pathProblem(path);
    expect(problem).toMatch(/^Not a JSON path \(RFC 9535\), such as "\$\.payload\.name": /);
    expect(problem?.split(': ').slice(1).join(': ')).toMatch(words);
  });
});

/** Whether a value is another with something left out. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part) && Array.isArray(whole)) {
    let from = 0;
    return part.every((item) => {
      const at = whole.findIndex((other, i) => i >= from && isPartOf(item, other));
      from = at + 1;
      return at !== -1;
    });
  }
  if (typeof part === 'object' && part !== null && typeof whole === 'object' && whole !== null) {
    return Object.entries(part).every(
      ([name, value]) =>
        Object.hasOwn(whole, name) && isPartOf(value, (whole as Record<string, unknown>)[name]),
    );
  }
  return Object.is(part, whole);
}
