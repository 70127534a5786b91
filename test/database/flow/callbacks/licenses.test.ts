import { expect, it } from 'vitest';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { addPartner } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { addEvent, catalogue, codeOf, makeDesk, offerOf } from '../../factory/partner-desk';
import { makeProcess } from '../../factory/process';

describeOnEachDatabase('A licence', (dialect) => {
  const log = useLog(dialect);

  async function offered(titleId: string, terms: object = {}, subject?: string): Promise<string> {
    const input = subject === undefined ? {} : { subject };
    const eventId = await addEvent(log.db, offerOf(titleId, terms, input));
    await makeProcess(log.db, { catalogue }).sequence();
    return eventId;
  }
  const accepting = (offerId: string, titleId: string, rest: object = {}) => ({
    event_type: 'license.accepted',
    in_reply_to: offerId,
    payload: { title_id: titleId, ...rest },
  });
  const acceptances = (): Promise<Record<string, unknown>[]> =>
    log.db(TABLES.acceptances).select('*');

  it('is recorded with its terms', async () => {
    const partnerId = await addPartner(log.db);
    const windows = [{ kind: 'svod', start_date: '2026-01-01', end_date: '2999-12-30' }];
    const offerId = await offered('NL-1', { exclusive: true, windows });
    const body = accepting(offerId, 'NL-1', { territories: ['BE'] });
    const eventId = await makeDesk(log.db).tell(partnerId, body);
    const [row] = await acceptances();
    expect(row).toMatchObject({
      ...{ event_id: eventId, offer_event_id: offerId, title_id: 'NL-1', partner_id: partnerId },
      territories: '["BE"]',
    });
    expect(Boolean(row?.['exclusive'])).toBe(true);
    expect(Number(row?.['starts_at'])).toBe(Date.parse('2026-01-01'));
    expect(Number(row?.['ends_at'])).toBe(Date.parse('2999-12-31'));
  });

  it('that is exclusive is sold once, however many want it at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const titleId = `NL-${round}`;
      const offerId = await offered(titleId, { exclusive: true });
      const partners = [await addPartner(log.db), await addPartner(log.db)];
      const desks = log.processes(2).map((db) => makeDesk(db));
      const codes = await Promise.all(
        partners.map((partnerId, n) =>
          codeOf(desks[n]!.tell(partnerId, accepting(offerId, titleId))),
        ),
      );
      expect(codes.sort()).toEqual(['already_sold_exclusively', 'received']);
    }
    expect(await acceptances()).toHaveLength(5);
  });

  it('is accepted once by a partner, under two keys at the same time too', async () => {
    const partnerId = await addPartner(log.db);
    const offerId = await offered('NL-1');
    const desks = log.processes(2).map((db) => makeDesk(db));
    const codes = await Promise.all(
      desks.map(({ tell }) => codeOf(tell(partnerId, accepting(offerId, 'NL-1')))),
    );
    expect(codes.sort()).toEqual(['offer_already_accepted', 'received']);
  });

  it('is not to be had on terms that were revised or taken back since', async () => {
    const partnerId = await addPartner(log.db);
    const { tell } = makeDesk(log.db);
    const old = await offered('NL-1', {}, 'offer-1');
    const fresh = await offered('NL-1', { territories: ['FR'] }, 'offer-1');
    expect(await codeOf(tell(partnerId, accepting(old, 'NL-1')))).toBe('offer_superseded');
    const withdrawal = { type: 'entry.unpublished', subject: 'offer-1' };
    await addEvent(log.db, { ...withdrawal, subjectType: 'api::offer.offer' });
    expect(await codeOf(tell(partnerId, accepting(fresh, 'NL-1')))).toBe('offer_superseded');
  });

  it('is of an offer, for what it offers', async () => {
    const partnerId = await addPartner(log.db);
    const { tell } = makeDesk(log.db);
    const ended = { windows: [{ end_date: '2020-01-01' }] };
    const offerId = await offered('NL-1');
    const ready = { type: 'content.ready', payload: { content_id: 'NL-1' } };
    const other = await addEvent(log.db, ready);
    const expired = await offered('NL-1', ended);
    const codes = [
      await codeOf(tell(partnerId, accepting(other, 'NL-1'))),
      await codeOf(tell(partnerId, accepting(offerId, 'NL-2'))),
      await codeOf(tell(partnerId, accepting(expired, 'NL-1'))),
      await codeOf(tell(partnerId, accepting(offerId, 'NL-1', { territories: ['DE'] }))),
      await codeOf(tell(partnerId, { ...accepting(offerId, 'NL-1'), in_reply_to: null })),
    ];
    expect(codes).toEqual([
      'not_an_offer',
      'content_mismatch',
      'offer_expired',
      'territory_not_offered',
      'in_reply_to_required',
    ]);
    expect(await acceptances()).toEqual([]);
  });
});
