import { expect, it } from 'vitest';
import { ConsumptionReports } from '../../../../server/src/services/callbacks/consumption';
import { describeOnEachDatabase } from '../../../support/databases';
import { addPartner } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { codeOf, makeDesk } from '../../factory/partner-desk';

describeOnEachDatabase('Consumption', (dialect) => {
  const log = useLog(dialect);
  const plays = (items: object[]) => ({ event_type: 'content.play', payload: { items } });
  const at = (day: string) => ({ played_at: `${day}T20:00:00Z` });
  const list = (query: object = {}) => new ConsumptionReports(() => log.db).list(query);

  it('is added up, whoever reports it in whichever order', async () => {
    const partnerId = await addPartner(log.db);
    const desks = log.processes(4).map((db) => makeDesk(db));
    const items = Array.from({ length: 150 }, (_, n) => ({
      content_id: `NL-${n}`,
      count: 2,
      ...at('2026-02-01'),
    }));
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        desks[n % 4]!.tell(partnerId, plays(n % 2 === 0 ? items : items.toReversed())),
      ),
    );
    const { data, meta } = await list({ limit: '200' });
    expect(data).toHaveLength(150);
    expect(new Set(data.map(({ count }) => count))).toEqual(new Set([24]));
    expect(meta.has_more).toBe(false);
  });

  it('counts each partner, type, title and day by itself', async () => {
    const [one, other] = [await addPartner(log.db), await addPartner(log.db)];
    const { tell } = makeDesk(log.db);
    const report = { content_id: 'NL-1', ...at('2026-02-01') };
    await tell(one, plays([report, report, { ...report, ...at('2026-02-02') }]));
    await tell(one, plays([{ ...report, content_id: 'nl-1' }]));
    await tell(other, { event_type: 'content.play', payload: report });
    await tell(one, {
      event_type: 'ad.impression',
      payload: { content_id: 'NL-1', shown_at: '2026-02-01T20:00:00Z', count: 9 },
    });
    const of = async (query: object) =>
      (await list(query)).data.map(({ day, content_id, event_type, count }) => [
        day,
        content_id,
        event_type,
        count,
      ]);
    expect(await of({ partner_id: one, content_id: 'NL-1' })).toEqual([
      ['2026-02-02', 'NL-1', 'content.play', 1],
      ['2026-02-01', 'NL-1', 'ad.impression', 9],
      ['2026-02-01', 'NL-1', 'content.play', 2],
    ]);
    expect(await of({ partner_id: other })).toEqual([['2026-02-01', 'NL-1', 'content.play', 1]]);
    expect(await of({ since: '2026-02-02' })).toHaveLength(1);
    expect(await of({ until: '2026-02-02T10:00:00Z', event_type: 'content.play' })).toHaveLength(3);
  });

  it('is listed page by page', async () => {
    const partnerId = await addPartner(log.db);
    const { tell } = makeDesk(log.db);
    const days = ['2026-02-01', '2026-02-02', '2026-02-03'];
    const items = days.flatMap((day) =>
      ['é', 'B', 'a'].map((content_id) => ({ content_id, ...at(day) })),
    );
    await tell(partnerId, plays(items));
    await tell(await addPartner(log.db), plays(items));
    const all = (await list()).data;
    expect(all).toHaveLength(18);
    const paged: typeof all = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await list({ limit: '4', ...(after ? { after } : {}) });
      paged.push(...page.data);
      ({ after } = page.meta);
    }
    expect(paged).toEqual(all);
  });

  it.each([
    ['a cursor of nobody', { after: 'bm9uZQ' }],
    ['a cursor of other things', { after: Buffer.from('[1,2,3,4]').toString('base64url') }],
  ])('is not listed after %s', async (_, query) => {
    await expect(list(query)).rejects.toThrow('no cursor');
  });

  it.each([{ since: 'yesterday' }, { content_id: 'a\u0000' }, { limit: '201' }, { page: '2' }])(
    'is not listed by %j',
    async (query) => {
      expect(await codeOf(list(query))).toBe('invalid_query');
    },
  );
});
