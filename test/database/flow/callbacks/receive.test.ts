import { expect, it } from 'vitest';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { claim } from '../../factory/claims';
import { addPartner, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { addEvent, catalogue, codeOf, makeDesk } from '../../factory/partner-desk';
import { makeProcess } from '../../factory/process';
import { storedDeliveries, storedEvents } from '../../factory/rows';

const READY = { type: 'content.ready', payload: { content_id: 'NL-1' } };
const play = (count: number) => ({
  event_type: 'content.play',
  payload: { content_id: 'NL-1', count },
});

describeOnEachDatabase('A callback', (dialect) => {
  const log = useLog(dialect);

  const counted = async () => {
    const rows = await log
      .db(TABLES.consumption)
      .select<{ content_id: string; count: unknown }[]>('content_id', 'count');
    return Object.fromEntries(rows.map((row) => [row.content_id, Number(row.count)]));
  };
  const callbacks = async (): Promise<unknown[]> => log.db(TABLES.callbacks).select('*');
  const toldEvents = async () =>
    (await storedEvents(log.db)).filter(({ eventType }) => eventType !== 'content.ready');

  it('sent twenty times at once, to several processes, is one event and one answer', async () => {
    const partnerId = await addPartner(log.db);
    const desks = log.processes(4).map((db) => makeDesk(db));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => desks[n % 4]!.tell(partnerId, play(7), 'key-1')),
    );
    expect(new Set(answers).size).toBe(1);
    expect(await storedEvents(log.db)).toMatchObject([
      { eventId: answers[0], eventType: 'content.play' },
    ]);
    expect(await callbacks()).toHaveLength(1);
    expect(await counted()).toEqual({ 'NL-1': 7 });
  });

  it('under a key that was used is answered as the first one, whatever it says', async () => {
    const partnerId = await addPartner(log.db);
    const { tell } = makeDesk(log.db);
    const first = await tell(partnerId, play(1), 'key-1');
    expect(await tell(partnerId, play(5), 'key-1')).toBe(first);
    expect(await tell(partnerId, { nonsense: true }, 'key-1')).toBe(first);
    expect(await counted()).toEqual({ 'NL-1': 1 });
  });

  it('under a key in other letters, or of another partner, is another one', async () => {
    const [one, other] = [await addPartner(log.db), await addPartner(log.db)];
    const { tell } = makeDesk(log.db);
    const ids = [
      await tell(one, play(1), 'key-a'),
      await tell(one, play(1), 'KEY-A'),
      await tell(other, play(1), 'key-a'),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('that is refused leaves its key free, and nothing behind', async () => {
    const partnerId = await addPartner(log.db);
    const { tell } = makeDesk(log.db);
    const future = { content_id: 'NL-1', played_at: '2999-01-01T00:00:00Z' };
    const body = { event_type: 'content.play', payload: future };
    expect(await codeOf(tell(partnerId, body, 'key-1'))).toBe('time_in_future');
    expect(await callbacks()).toEqual([]);
    expect(await counted()).toEqual({});
    expect(await codeOf(tell(partnerId, play(2), 'key-1'))).toBe('received');
  });

  it('is an event about what it answers, by the partner, for the partner and ourselves alone', async () => {
    const [partnerId, otherId] = [await addPartner(log.db), await addPartner(log.db)];
    const event_types = ['content.*'];
    const ours = await addSubscription(log.db, { event_types });
    const theirs = await addSubscription(log.db, { event_types, partner_id: partnerId });
    await addSubscription(log.db, { event_types, partner_id: otherId });
    const process = makeProcess(log.db, { catalogue });
    const readyId = await addEvent(log.db, { ...READY, subject: 'doc-1' });
    await process.sequence();

    const eventId = await makeDesk(log.db).tell(partnerId, {
      event_type: 'content.ingested',
      in_reply_to: readyId,
      payload: { content_id: 'NL-1', note: 'Done' },
    });
    await process.sequence();

    const [told] = await toldEvents();
    expect(told).toMatchObject({
      eventId,
      status: 'sequenced',
      body: {
        actor: { type: 'partner', user_id: partnerId, display_name: 'Fjord TV' },
        subject: { type: 'api::person.person', id: 'doc-1', change_token: 'token' },
        payload: { content_id: 'NL-1', note: 'Done' },
      },
    });
    const owed = (await storedDeliveries(log.db)).filter((one) => one.eventId === eventId);
    expect(owed.map(({ subscriptionId }) => subscriptionId).sort()).toEqual([ours, theirs].sort());
  });

  it('answers none but an event that the partner was given, or may see', async () => {
    const here = await addPartner(log.db, { territories: ['GB'] });
    const process = makeProcess(log.db, { catalogue });
    const scope = { territories: ['FR'], genres: null, content_types: null };
    const ids = {
      shown: await addEvent(log.db, READY),
      elsewhere: await addEvent(log.db, { ...READY, scope }),
      internal: await addEvent(log.db, { ...READY, type: 'contract.signed' }),
      held: await addEvent(log.db, { ...READY, needsApproval: true }),
      invalid: await addEvent(log.db, { ...READY, status: 'invalid' }),
      none: 'no-such-event',
    };
    await process.sequence();
    const { tell } = makeDesk(log.db);
    const codes: Record<string, string> = {};
    for (const [name, in_reply_to] of Object.entries(ids)) {
      const payload = { content_id: 'NL-1' };
      const body = { event_type: 'content.ingested', in_reply_to, payload };
      codes[name] = await codeOf(tell(here, body));
    }
    const { shown, ...hidden } = codes;
    expect(shown).toBe('received');
    expect(new Set(Object.values(hidden))).toEqual(new Set(['unknown_event']));
  });

  it('may answer what was sent when the partner could still see it', async () => {
    const partnerId = await addPartner(log.db);
    await addSubscription(log.db, { partner_id: partnerId, event_types: ['content.ready'] });
    const process = makeProcess(log.db, { catalogue });
    const readyId = await addEvent(log.db, READY);
    await process.sequence();
    const body = {
      event_type: 'content.ingested',
      in_reply_to: readyId,
      payload: { content_id: 'NL-1' },
    };
    await log.db(TABLES.events).where({ event_id: readyId }).update({ release_number: null });
    const { tell } = makeDesk(log.db);
    expect(await codeOf(tell(partnerId, body))).toBe('unknown_event');
    await claim(log.db);
    expect(await codeOf(tell(partnerId, body))).toBe('received');
  });

  it('that is too large to be an event is refused', async () => {
    const partnerId = await addPartner(log.db);
    const payload = { content_id: 'NL-1', filler: 'x'.repeat(100_000) };
    const body = { event_type: 'content.play', payload };
    expect(await codeOf(makeDesk(log.db).tell(partnerId, body))).toBe('event_too_large');
    expect(await storedEvents(log.db)).toEqual([]);
  });
});
