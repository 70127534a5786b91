import { expect, it } from 'vitest';
import { Memo } from '../../../../../server/src/flow/deliver/shape/memo';

function makeMemo(limits: { entries: number; bytes: number }) {
  const made: string[] = [];
  const memo = new Memo<string>({
    ...limits,
    ageMs: 1_000,
    now: () => 0,
    sizeOf: (value) => (value === '' ? null : value.length),
  });
  const get = (key: string, value = key) =>
    memo.get(key, () => {
      made.push(key);
      return Promise.resolve(value);
    });
  return { get, made, memo };
}

it('Keeps as many entries as it may, and lets the oldest go', async () => {
  const { get, made } = makeMemo({ entries: 2, bytes: 100 });
  for (const key of ['a', 'b', 'c', 'b', 'c', 'a']) await get(key);
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});

it('Keeps no more bytes than it may, also when one entry alone has more', async () => {
  const { get, made } = makeMemo({ entries: 100, bytes: 10 });
  await get('a', 'x'.repeat(6));
  await get('b', 'x'.repeat(6));
  await get('b');
  await get('a', 'x'.repeat(6));
  expect(made).toEqual(['a', 'b', 'a']);
  await get('huge', 'x'.repeat(11));
  await get('huge', 'x'.repeat(11));
  expect(made).toEqual(['a', 'b', 'a', 'huge', 'huge']);
});

it('Keeps nothing that was made in vain', async () => {
  const { get, made, memo } = makeMemo({ entries: 100, bytes: 100 });
  await get('nothing', '');
  await get('nothing', '');
  expect(made).toEqual(['nothing', 'nothing']);
  await expect(memo.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await get('a')).toBe('a');
});
