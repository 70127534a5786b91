import { describe, expect, it, test } from 'vitest';
import { checkScope, compileScope } from '../../../server/src/domain/scope';
import type { EventScope } from '../../../server/src/domain/scope';

const anywhere = { territories: [], genres: [], content_types: [] };
const silent: EventScope = { territories: null, genres: null, content_types: null };

const passes = (filter: object, scope: Partial<EventScope> | null) =>
  compileScope({ ...anywhere, ...filter })(scope && { ...silent, ...scope });

describe('a scope filter', () => {
  test.each<[string, object, Partial<EventScope> | null, boolean]>([
    ['that is empty takes what is somewhere', {}, { territories: ['GB'] }, true],
    ['that is empty takes what is nowhere', {}, { territories: [] }, true],
    ['that is empty takes what says nothing', {}, null, true],
    ['takes what says nothing at all', { territories: ['GB'] }, null, true],
    [
      'takes what says nothing of its dimension',
      { territories: ['GB'] },
      { genres: ['drama'] },
      true,
    ],
    ['takes what it names', { territories: ['GB', 'FR'] }, { territories: ['DE', 'FR'] }, true],
    [
      'refuses what it does not name',
      { territories: ['GB'] },
      { territories: ['DE', 'FR'] },
      false,
    ],
    ['refuses what is nowhere', { territories: ['GB'] }, { territories: [] }, false],
    ['compares territories in any case', { territories: [' gb '] }, { territories: ['Gb'] }, true],
    ['compares genres as they are', { genres: ['Drama'] }, { genres: ['drama'] }, false],
    ['goes by genre', { genres: ['drama'] }, { genres: ['drama', 'crime'] }, true],
    ['goes by content type', { content_types: ['film'] }, { content_types: ['series'] }, false],
    [
      'takes what passes in all dimensions',
      { territories: ['GB'], genres: ['drama'] },
      { territories: ['GB'], genres: ['drama'] },
      true,
    ],
    [
      'refuses what fails in one dimension',
      { territories: ['GB'], genres: ['drama'] },
      { territories: ['GB'], genres: ['news'] },
      false,
    ],
  ])('%s', (_, filter, scope, expected) => {
    expect(passes(filter, scope)).toBe(expected);
  });

  it('passes a wider filter whenever it passes a narrower one', () => {
    const words = ['GB', 'FR', 'DE'];
    const subsets = Array.from({ length: 8 }, (_, bits) =>
      words.filter((_w, i) => bits & (1 << i)),
    );
    for (const narrow of subsets.slice(1)) {
      for (const more of subsets) {
        for (const said of subsets) {
          const wide = [...new Set([...narrow, ...more])];
          const scope = { territories: said };
          const both = [
            passes({ territories: narrow }, scope),
            passes({ territories: wide }, scope),
          ];
          expect(both).not.toEqual([true, false]);
        }
      }
    }
  });
});

describe('what a definition says of its scope', () => {
  test.each<[string, unknown, EventScope | null]>([
    ['nothing', undefined, null],
    ['null', null, null],
    ['no dimension', {}, null],
    ['null of each dimension', silent, null],
    ['one dimension', { genres: ['drama'] }, { ...silent, genres: ['drama'] }],
    ['no territory', { territories: [] }, { ...silent, territories: [] }],
    [
      'territories in any case, and twice',
      { territories: ['gb', ' GB', 'fr'] },
      { ...silent, territories: ['GB', 'FR'] },
    ],
  ])('is taken: %s', (_, given, scope) => {
    expect(checkScope(given)).toEqual(scope);
  });

  test.each<[unknown, RegExp]>([
    ['GB', /scope must be/],
    [['GB'], /scope must be/],
    [{ territories: 'GB' }, /scope\.territories must be a list/],
    [{ genres: [1] }, /scope\.genres must be a list/],
    [{ territory: ['GB'] }, /scope\.territory: there is no such dimension/],
    [{ genres: ['x'.repeat(201)] }, /scope\.genres may have/],
    [{ genres: Array.from({ length: 501 }, (_, i) => `g${i}`) }, /scope\.genres may have/],
  ])('is refused where it is wrong, and not taken for nothing: %j', (given, words) => {
    expect(() => checkScope(given)).toThrow(words);
  });
});
