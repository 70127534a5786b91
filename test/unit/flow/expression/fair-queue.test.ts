import { expect, it } from 'vitest';
import { FairQueue } from '../../../../server/src/flow/expression/fair-queue';

it('Lanes take turns, each in its own order', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) queue.add(item.charAt(0), item);
  expect(queue.size).toBe(7);
  const taken = Array.from({ length: 4 }, () => queue.take());
  expect(taken).toEqual(['a1', 'b1', 'c1', 'a2']);
  queue.add('c', 'c2');
  queue.add('d', 'd1');
  const rest = Array.from({ length: 6 }, () => queue.take());
  expect(rest).toEqual(['b2', 'a3', 'c2', 'd1', 'a4', undefined]);
  expect(queue.size).toBe(0);
});
