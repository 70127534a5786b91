import { describe, expect, it } from 'vitest';
import type { Found } from '../../../../server/src/flow/feed/find';
import { KnownPages } from '../../../../server/src/flow/feed/known-pages';

const page = (first: number, count: number): Found => ({
  matches: Array.from({ length: count }, (_, n) => ({
    releaseNumber: first + n,
    ref: first + n,
    whole: null,
  })),
  hasMore: true,
  reached: first + count - 1,
});

describe('Pages that were found before', () => {
  it('are found again, as they were', () => {
    const known = new KnownPages();
    expect(known.get('a')).toBeNull();
    known.keep('a', page(1, 10));
    expect(known.get('a')).toEqual(page(1, 10));
  });

  it('keep no event in memory', () => {
    const known = new KnownPages();
    const { matches, ...rest } = page(1, 1);
    const whole = { releaseNumber: 1, releasedAt: new Date(), event: {} as never };
    known.keep('a', { matches: matches.map((match) => ({ ...match, whole })), ...rest });
    expect(known.get('a')?.matches[0]?.whole).toBeNull();
  });

  it('go, the one first that was not asked for longest, when there are too many', () => {
    const known = new KnownPages();
    for (let n = 0; n < 100; n += 1) known.keep(String(n), page(1, 1_000));
    expect(known.get('0')).not.toBeNull();
    known.keep('100', page(1, 1_000));
    expect(known.get('0')).not.toBeNull();
    expect(known.get('1')).toBeNull();
    expect(known.get('2')).not.toBeNull();
  });
});
