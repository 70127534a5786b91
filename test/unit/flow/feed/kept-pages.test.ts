import { describe, expect, it } from 'vitest';
import { KeptPages } from '../../../../server/src/flow/feed/kept-pages';

const page = (count: number, hasMore = true) => ({
  matches: Array.from({ length: count }, (_, index) => ({
    releaseNumber: index + 1,
    ref: index,
    whole: null,
  })),
  hasMore,
  reached: count,
});

describe('Pages that are kept', () => {
  it('are those that are full, and have more behind them', () => {
    const pages = new KeptPages();
    pages.keep('full', page(10), 10);
    pages.keep('short', page(9), 10);
    pages.keep('last', page(10, false), 10);
    expect(['full', 'short', 'last'].map((key) => pages.get(key)?.reached ?? null)).toEqual([
      10,
      null,
      null,
    ]);
  });

  it('are the newest used, up to a number of events', () => {
    const pages = new KeptPages();
    for (let n = 0; n < 100; n += 1) pages.keep(`page ${n}`, page(1_000), 1_000);
    expect(pages.get('page 0')).not.toBeNull();
    pages.keep('one more', page(1_000), 1_000);
    expect(pages.get('page 0')).not.toBeNull();
    expect(pages.get('page 1')).toBeNull();
    expect(pages.get('one more')).not.toBeNull();
  });
});
