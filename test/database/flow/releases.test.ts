import { expect, it } from 'vitest';
import { answerApproval } from '../../../server/src/store/approve-event';
import { readReleased } from '../../../server/src/store/read-released';
import { releaseBatch } from '../../../server/src/flow/sequence';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { anyDefinition, catalogueOf } from '../factory/definitions';
import { addEvents, addEventsCounted, addPartner, addSubscription } from '../factory/facts';
import { inTransaction, useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';
import { oneTo } from '../factory/series';

const catalogue = catalogueOf(
  anyDefinition('entry.updated', 'partner'),
  anyDefinition('content.ready', 'public'),
  anyDefinition('contract.signed', 'internal'),
);

describeOnEachDatabase('Releasing', (dialect) => {
  const log = useLog(dialect);

  /** Sequence and release numbers, in the order of capture. */
  const numbers = async () => {
    const rows = await log
      .db(TABLES.events)
      .orderBy('id')
      .select<Record<string, unknown>[]>('sequence_number', 'release_number', 'released_at');
    return rows.map((row) => [row['sequence_number'], row['release_number']].map(asNumber));
  };
  const approve = (eventId: string) =>
    inTransaction(log.db, (trx) => answerApproval(trx, eventId, 'approved'));
  const owedTo = async (subscriptionId: string) =>
    (await storedDeliveries(log.db))
      .filter((delivery) => delivery.subscriptionId === subscriptionId)
      .map(({ sequenceNumber }) => sequenceNumber);

  it('goes with numbering for events that need no approval', async () => {
    const { sequence } = makeProcess(log.db);
    await addEventsCounted(log.db, 12);
    await sequence(5);

    expect(await numbers()).toEqual(oneTo(12).map((n) => [n, n]));
    expect(await readReleased(log.db)).toBe(12);
  });

  it('leaves out what waits for approval, and counts on without a gap', async () => {
    const { sequence } = makeProcess(log.db);
    await addEvents(log.db, [{}, { needsApproval: true }, {}, { needsApproval: true }, {}]);
    await sequence(2);

    expect(await numbers()).toEqual([
      [1, 1],
      [2, null],
      [3, 2],
      [4, null],
      [5, 3],
    ]);
    expect(await readReleased(log.db)).toBe(3);
  });

  it('puts what is approved late behind all that was released before, once', async () => {
    const { sequence, sequencerPorts } = makeProcess(log.db);
    const [held, , alsoHeld] = await addEvents(log.db, [
      { needsApproval: true },
      {},
      { needsApproval: true },
    ]);
    await sequence();
    expect(await approve(alsoHeld!.eventId)).toBe(true);
    expect(await approve(alsoHeld!.eventId)).toBe(false);

    expect(await releaseBatch(sequencerPorts, 10)).toMatchObject({ events: 1, lastRelease: 2 });
    expect(await releaseBatch(sequencerPorts, 10)).toMatchObject({ events: 0, lastRelease: null });
    await addEventsCounted(log.db, 1);
    await sequence();
    await approve(held!.eventId);
    await releaseBatch(sequencerPorts, 10);

    expect(await numbers()).toEqual([
      [1, 4],
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
  });

  it('gives an event that was approved before it was numbered both numbers at once', async () => {
    const { sequence, sequencerPorts } = makeProcess(log.db);
    const [held] = await addEvents(log.db, [{ needsApproval: true }]);
    await approve(held!.eventId);
    expect(await releaseBatch(sequencerPorts, 10)).toMatchObject({ events: 0 });
    await sequence();

    expect(await numbers()).toEqual([[1, 1]]);
  });

  it('never releases what was rejected, nor what is invalid', async () => {
    const { sequence, sequencerPorts } = makeProcess(log.db);
    const [rejected, invalid] = await addEvents(log.db, [
      { needsApproval: true },
      { needsApproval: true, status: 'invalid' },
    ]);
    await inTransaction(log.db, (trx) => answerApproval(trx, rejected!.eventId, 'rejected'));
    await approve(invalid!.eventId);
    await sequence();

    expect(await releaseBatch(sequencerPorts, 10)).toMatchObject({ events: 0 });
    expect(await approve(rejected!.eventId)).toBe(false);
    expect(await numbers()).toEqual([
      [1, null],
      [null, null],
    ]);
  });

  it("owes a held event to our own subscriptions at once, and to a partner's when it is released", async () => {
    const { sequence, sequencerPorts } = makeProcess(log.db, { catalogue });
    const own = await addSubscription(log.db);
    const partners = await addSubscription(log.db, { partner_id: await addPartner(log.db) });
    const [held] = await addEvents(log.db, [{ needsApproval: true }, {}]);
    await sequence();
    expect(await owedTo(own)).toEqual([1, 2]);
    expect(await owedTo(partners)).toEqual([2]);

    await approve(held!.eventId);
    const released = await releaseBatch(sequencerPorts, 10);

    expect(released).toMatchObject({ events: 1, deliveries: 1, waiting: 1 });
    expect(await owedTo(own)).toEqual([1, 2]);
    expect(await owedTo(partners)).toEqual([2, 1]);
  });

  it('owes a partner what its audience, its territories and its subscription allow alone', async () => {
    const { sequence } = makeProcess(log.db, { catalogue });
    const gb = { territories: ['GB'], genres: null, content_types: null };
    const de = { ...gb, territories: ['DE'] };
    const partner = await addPartner(log.db, { territories: ['GB'] });
    const all = await addSubscription(log.db, { partner_id: partner });
    const narrow = await addSubscription(log.db, {
      partner_id: partner,
      filter: { scope: { territories: ['DE'] } },
    });
    const publicOnly = await addSubscription(log.db, {
      partner_id: await addPartner(log.db, { clearance: 'public' }),
    });
    const lost = await addSubscription(log.db, { partner_id: 'nobody' });
    await addEvents(log.db, [
      { type: 'entry.updated', scope: gb },
      { type: 'entry.updated', scope: de },
      { type: 'content.ready', scope: { ...gb, territories: ['DE', 'GB'] } },
      { type: 'contract.signed' },
      { type: 'unknown.type' },
    ]);
    await sequence();

    expect(await owedTo(all)).toEqual([1, 3]);
    expect(await owedTo(narrow)).toEqual([3]);
    expect(await owedTo(publicOnly)).toEqual([3]);
    expect(await owedTo(lost)).toEqual([]);
  });

  it('counts right when several processes number and release at the same time', async () => {
    const events = await addEvents(
      log.db,
      oneTo(60).map((n) => ({ needsApproval: n % 3 === 0 })),
    );
    const processes = [1, 2, 3].map(() => makeProcess(log.db));
    const held = events.filter(({ needsApproval }) => needsApproval);
    await Promise.all([
      ...processes.map(async ({ sequence, sequencerPorts }) => {
        for (let round = 0; round < 30; round += 1) {
          await sequence(4);
          await releaseBatch(sequencerPorts, 3);
        }
      }),
      (async () => {
        for (const { eventId } of held) await approve(eventId);
      })(),
    ]);
    const [last] = processes;
    await last!.sequence();
    while ((await releaseBatch(last!.sequencerPorts, 10)).events > 0);

    const all = await numbers();
    const ascending = (column: 0 | 1) => all.map((row) => row[column] ?? 0).sort((a, b) => a - b);
    expect(ascending(0)).toEqual(oneTo(60));
    expect(ascending(1)).toEqual(oneTo(60));
    expect(await readReleased(log.db)).toBe(60);
  });
});

function asNumber(value: unknown): number | null {
  return value === null ? null : Number(value);
}
