import { expect, it } from 'vitest';
import { missCallbacks } from '../../../../server/src/flow/callbacks/miss';
import { ownTransaction } from '../../../../server/src/store/database';
import { nextCallbackDue } from '../../../../server/src/store/missed-callbacks';
import { settleDeliveries } from '../../../../server/src/store/settle-deliveries';
import type { ClaimedDelivery } from '../../../../server/src/store/claim-deliveries';
import { TABLES } from '../../../../server/src/store/tables';
import { retryTransient } from '../../../../server/src/flow/retry-transient';
import { describeOnEachDatabase } from '../../../support/databases';
import { claim, settlementOf } from '../../factory/claims';
import { addEvents, addPartner, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { catalogue, makeDesk } from '../../factory/partner-desk';
import { makeProcess } from '../../factory/process';
import { storedDeliveries, storedEvents } from '../../factory/rows';
import type { Knex } from 'knex';

const SECOND = 1_000;

describeOnEachDatabase('A delivery that awaits a callback', (dialect) => {
  const log = useLog(dialect);
  const acceptedAt = new Date();
  const due = new Date(acceptedAt.getTime() + 60 * SECOND);

  /** Events that are being sent to a partner. */
  async function sending(count: number): Promise<{
    partnerId: string;
    eventIds: string[];
    claimed: ClaimedDelivery[];
  }> {
    const partnerId = await addPartner(log.db);
    const delivery = { order: 'none' } as const;
    await addSubscription(log.db, {
      partner_id: partnerId,
      event_types: ['content.ready'],
      delivery,
    });
    const events = await addEvents(
      log.db,
      Array.from({ length: count }, (_, n) => ({
        type: 'content.ready',
        payload: { content_id: `NL-${n}` },
      })),
    );
    await makeProcess(log.db, { catalogue }).sequence();
    const claimed = await claim(log.db);
    return { partnerId, eventIds: events.map(({ eventId }) => eventId), claimed };
  }

  /** Writes that it was answered with 202. */
  const accepted = (
    db: Knex,
    delivery: ClaimedDelivery,
    beforeCommit: () => Promise<void> = () => Promise.resolve(),
  ) =>
    retryTransient(() =>
      ownTransaction(db, async (trx) => {
        const awaiting = { status: 'awaiting_callback', callbackWithinMs: 60 * SECOND } as const;
        await settleDeliveries(trx, [settlementOf(delivery, awaiting)], acceptedAt);
        await beforeCommit();
      }),
    );

  const ingested = (inReplyTo: string, n = 0) => ({
    event_type: 'content.ingested',
    in_reply_to: inReplyTo,
    payload: { content_id: `NL-${n}` },
  });
  const rejected = (inReplyTo: string) => ({
    event_type: 'content.rejected',
    in_reply_to: inReplyTo,
    payload: { content_id: 'NL-0', reason: 'Too short', failure_codes: ['duration'] },
  });
  const dueAt = async () => {
    const rows = await log
      .db(TABLES.deliveries)
      .select<{ at: unknown }[]>({ at: 'callback_due_at' });
    return rows.map(({ at }) => at);
  };
  const failures = async () =>
    (await storedEvents(log.db))
      .filter(({ eventType }) => eventType === 'webhook.delivery_failed')
      .map(({ body }) => body.payload);

  it('is settled for its order, and not over', async () => {
    const { claimed } = await sending(1);
    await accepted(log.db, claimed[0]!);
    expect(await storedDeliveries(log.db)).toMatchObject([
      { status: 'awaiting_callback', settled: true, dueAt: null, attempts: 1 },
    ]);
    expect(await nextCallbackDue(log.db)).toEqual(due);
  });

  it('is delivered when the content was taken in', async () => {
    const { partnerId, eventIds, claimed } = await sending(1);
    await accepted(log.db, claimed[0]!);
    const [before] = await storedDeliveries(log.db);
    await makeDesk(log.db).tell(partnerId, ingested(eventIds[0]!));
    expect(await storedDeliveries(log.db)).toMatchObject([
      { status: 'delivered', reason: null, settledAt: before?.settledAt },
    ]);
    expect(await dueAt()).toEqual([null]);
    expect(await failures()).toEqual([]);
  });

  it('is dead when it was refused, and an event tells why', async () => {
    const { partnerId, eventIds, claimed } = await sending(1);
    await accepted(log.db, claimed[0]!);
    await makeDesk(log.db).tell(partnerId, rejected(eventIds[0]!));
    const reason = 'Rejected by the partner: Too short (duration)';
    expect(await storedDeliveries(log.db)).toMatchObject([{ status: 'dead', reason }]);
    expect(await failures()).toMatchObject([
      { reason, error_code: 'rejected_by_partner', attempts: 1 },
    ]);
  });

  it('is not settled by another partner', async () => {
    const { eventIds, claimed } = await sending(1);
    await accepted(log.db, claimed[0]!);
    await makeDesk(log.db).tell(await addPartner(log.db), ingested(eventIds[0]!));
    expect(await storedDeliveries(log.db)).toMatchObject([{ status: 'awaiting_callback' }]);
  });

  it.each([
    ['delivered', null, ingested],
    ['dead', 'Rejected by the partner: Too short (duration)', rejected],
  ] as const)(
    'is %s at once where the callback has come before the answer',
    async (status, reason, told) => {
      const { partnerId, eventIds, claimed } = await sending(1);
      await makeDesk(log.db).tell(partnerId, told(eventIds[0]!));
      expect(await storedDeliveries(log.db)).toMatchObject([{ status: 'sending' }]);
      await accepted(log.db, claimed[0]!);
      expect(await storedDeliveries(log.db)).toMatchObject([{ status, reason }]);
      expect(await dueAt()).toEqual([null]);
    },
  );

  /** On SQLite there is one writer anyway. */
  it.skipIf(dialect === 'sqlite').each(['the answer', 'the callback'] as const)(
    'never waits on where %s has been written first and is not committed yet',
    async (first) => {
      const { partnerId, eventIds, claimed } = await sending(1);
      const [one, other] = log.processes(2);
      const written = gate();
      const commit = gate();
      const held = async () => {
        written.open();
        await commit.opened;
      };
      const told = () =>
        makeDesk(one!, undefined, first === 'the callback' ? held : undefined).tell(
          partnerId,
          ingested(eventIds[0]!),
        );
      const answered = () =>
        accepted(other!, claimed[0]!, first === 'the answer' ? held : undefined);
      const [begin, follow] = first === 'the answer' ? [answered, told] : [told, answered];
      const begun: Promise<unknown> = begin();
      await written.opened;
      const following: Promise<unknown> = follow();
      await new Promise((resolve) => setTimeout(resolve, 300));
      commit.open();
      await Promise.all([begun, following]);
      expect(await storedDeliveries(log.db)).toMatchObject([{ status: 'delivered' }]);
      expect(await dueAt()).toEqual([null]);
    },
  );

  it('never waits on where answer and callback are written at the same time', async () => {
    const { partnerId, eventIds, claimed } = await sending(40);
    const [one, other] = log.processes(2);
    const desk = makeDesk(one!);
    await Promise.all(
      eventIds.flatMap((eventId, n) => [
        desk.tell(partnerId, ingested(eventId, n)),
        accepted(other!, claimed[n]!),
      ]),
    );
    const statuses = (await storedDeliveries(log.db)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['delivered']));
    expect(new Set(await dueAt())).toEqual(new Set([null]));
  });

  it('is dead when its time has passed, once, whichever process sees it', async () => {
    const { claimed } = await sending(30);
    for (const delivery of claimed) await accepted(log.db, delivery);
    const early = makeDesk(log.db, () => new Date(due.getTime() - 1));
    expect(await missCallbacks(early.ports)).toBe(0);

    const desks = log.processes(4).map((db) => makeDesk(db, () => due));
    const missed = await Promise.all(desks.map(({ ports }) => missCallbacks(ports)));

    expect(missed.reduce((a, b) => a + b)).toBe(30);
    const deliveries = await storedDeliveries(log.db);
    expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['dead']));
    expect(deliveries[0]?.reason).toBe('No callback within 60 seconds');
    const told = await failures();
    expect(told).toHaveLength(30);
    expect(told[0]).toMatchObject({ error_code: 'callback_missed', event_type: 'content.ready' });
    expect(await nextCallbackDue(log.db)).toBeNull();
  });

  it('stays dead where the callback comes too late, which is recorded all the same', async () => {
    const { partnerId, eventIds, claimed } = await sending(1);
    await accepted(log.db, claimed[0]!);
    await missCallbacks(makeDesk(log.db, () => due).ports);
    const eventId = await makeDesk(log.db).tell(partnerId, ingested(eventIds[0]!));
    expect(await storedDeliveries(log.db)).toMatchObject([{ status: 'dead' }]);
    expect((await storedEvents(log.db)).map((event) => event.eventId)).toContain(eventId);
  });

  it('ends one way where callback and deadline come at the same time', async () => {
    const { partnerId, eventIds, claimed } = await sending(20);
    for (const delivery of claimed) await accepted(log.db, delivery);
    const [one, other] = log.processes(2);
    const desk = makeDesk(one!);
    const late = makeDesk(other!, () => due);
    await Promise.all([
      ...eventIds.map((eventId, n) => desk.tell(partnerId, ingested(eventId, n))),
      missCallbacks(late.ports),
    ]);
    await missCallbacks(late.ports);
    const deliveries = await storedDeliveries(log.db);
    const dead = deliveries.filter(({ status }) => status === 'dead');
    expect(deliveries.filter(({ status }) => status === 'delivered')).toHaveLength(
      20 - dead.length,
    );
    expect(await failures()).toHaveLength(dead.length);
  });
});

function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}
