import { expect, it } from 'vitest';
import { BoundedNames } from '../../../server/src/domain/bounded-names';

it('names beyond the limit are one, and those known before stay', () => {
  const names = new BoundedNames(2);
  expect(['a', 'b', 'c', 'a', 'd', 'b'].map((name) => names.of(name))).toEqual([
    'a',
    'b',
    'other',
    'a',
    'other',
    'b',
  ]);
});

it('a limit of nothing leaves one name', () => {
  expect(new BoundedNames(0).of('a')).toBe('other');
});
