import { describe, expect, it } from 'vitest';
import { createReplay } from '../../../server/src/contracts/replay';

const ID = '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11';

function problems(body: object): Record<string, string> {
  const result = createReplay.safeParse({ subscription_id: ID, ...body });
  return Object.fromEntries(
    (result.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message]),
  );
}

describe('The body of a replay', () => {
  it('needs a subscription, and nothing else', () => {
    expect(createReplay.parse({ subscription_id: ID })).toEqual({
      subscription_id: ID,
      event_types: [],
      missing: false,
      dry_run: false,
    });
    expect(createReplay.safeParse({}).error?.issues[0]?.path).toEqual(['subscription_id']);
  });

  it('takes no status of a delivery that is on its way, and says which it takes', () => {
    expect(problems({ status: 'waiting' })).toEqual({
      status: expect.stringMatching(/^A delivery that is waiting is still on its way.*delivered/),
    });
    expect(problems({ status: 'lost' })).toEqual({
      status:
        'Name one of delivered, awaiting_callback, dead, superseded, cancelled, or leave it out',
    });
  });

  it('takes no status of what is missing', () => {
    expect(problems({ missing: true, status: 'dead' })).toEqual({
      status: expect.stringContaining('leave out one of the two'),
    });
    expect(problems({ missing: false, status: 'dead' })).toEqual({});
    expect(problems({ missing: true, status: null })).toEqual({});
  });

  it('takes a span of time that ends after it begins, in whatever time zone', () => {
    const since = '2026-01-17T12:00:00Z';
    expect(problems({ since, until: '2026-01-17T12:00:01Z' })).toEqual({});
    expect(problems({ since, until: '2026-01-17T13:30:00+02:00' })).toEqual({
      until: `until must be later than since (${since})`,
    });
    expect(problems({ since, until: since })).toHaveProperty('until');
    expect(problems({ since: 'yesterday' })).toHaveProperty('since');
  });

  it.each([
    [{ rate_per_second: 0 }, 'rate_per_second'],
    [{ rate_per_second: 1.5 }, 'rate_per_second'],
    [{ event_types: ['Entry Created'] }, 'event_types.0'],
    [{ event_types: 'entry.*' }, 'event_types'],
    [{ dry_run: 'yes' }, 'dry_run'],
  ])('names the wrong field of %j', (body, field) => {
    expect(Object.keys(problems(body))).toEqual([field]);
  });

  it('takes no field that it does not know', () => {
    const { error } = createReplay.safeParse({ subscription_id: ID, from: 'monday' });
    expect(error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['from'] });
  });
});
