import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { afterEach, expect, it } from 'vitest';
import type { DeliverSettings, Target } from '../../../server/src/flow/deliver/ports';
import { SubscriptionKeys } from '../../../server/src/services/subscription-keys';
import { createWakeUps, type WakeUps } from '../../../server/src/services/wake-ups';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { waitFor } from '../../support/wait-for';
import { addEventsCounted, addSubscription, SECRET } from '../factory/facts';
import { inTransaction, newId, useLog } from '../factory/log';
import type { TestProcess } from '../factory/process';
import type { secretsUnder } from '../factory/strapi-encryption';
import { useWorkers } from '../factory/workers';

const PLACES = 10;

/** Results are not written before the process stops, and it does not look by itself: only a change wakes it. */
const UNWOKEN = { pollMs: 60_000, flushMs: 60_000 };

describeOnEachDatabase('A key that is revoked', (dialect) => {
  const log = useLog(dialect);
  const { receiver, make } = useWorkers(log);
  const listening: WakeUps[] = [];

  afterEach(() => Promise.all(listening.splice(0).map((wakeUps) => wakeUps.stop())));

  /** A process that hears of changes as the real one does. */
  const processOn = async (db: Knex, settings: Partial<DeliverSettings>) => {
    const process = make({ settings }, db);
    const signed = watchSignatures(process);
    const wakeUps = createWakeUps({
      db,
      notify: true,
      works: true,
      sender: newId(),
      log: process.deliverPorts.log,
      sequencer: { wake: () => undefined },
      deliverer: process.deliverer,
      head: { wake: () => undefined },
    });
    listening.push(wakeUps);
    wakeUps.start();
    await process.start();
    return { process, signed, wakeUps };
  };

  /** The service as a process has it; the factory's processes read secrets in clear, so they are stored so. */
  const keysOf = (db: Knex, wakeUps: WakeUps) =>
    new SubscriptionKeys({
      db: () => db,
      transaction: (work) => inTransaction(db, work),
      secrets: { encrypt: (text: string) => text } as unknown as ReturnType<typeof secretsUnder>,
      newId,
      clock: { now: () => new Date(), random: () => 0 },
      changed: () => wakeUps.changed(),
    });

  /** Twice as many deliveries as places: one half waits, claimed, while the other is under way. */
  const twoHalves = async () => {
    receiver.answer({ status: 204, delay: 800 });
    const id = await addSubscription(log.db, {
      url: receiver.url(),
      delivery: { order: 'none', concurrency: PLACES },
    });
    await addEventsCounted(log.db, 2 * PLACES);
    return id;
  };
  const claimed = async () => {
    const held = () => log.db(TABLES.deliveries).where({ status: 'sending' }).select('id');
    await waitFor(async () => ((await held()) as unknown[]).length === 2 * PLACES);
  };

  /** All is claimed, and half of it is under way. */
  const beginHalf = async (process: TestProcess) => {
    await process.sequence();
    process.deliverer.wake();
    await receiver.received(PLACES);
    await claimed();
  };

  it('signs nothing more that its own process begins, though claimed before', async () => {
    const id = await twoHalves();
    const { process, signed, wakeUps } = await processOn(log.db, UNWOKEN);
    const keys = keysOf(log.db, wakeUps);
    const { kid } = await keys.rotate(id, {});
    await beginHalf(process);

    await keys.revoke(id, { kid: `key_${id}` });
    await receiver.received(2 * PLACES);

    expect(signed.map((one) => one.byRevoked)).toEqual(halves(true, false));
    expect(new Set(signed.map((one) => one.kid))).toEqual(new Set([kid]));
  });

  it('signs nothing from the answer on, however much is under way', async () => {
    receiver.answer({ status: 204, delay: 15 });
    const id = await addSubscription(log.db, {
      url: receiver.url(),
      delivery: { order: 'none', concurrency: PLACES },
    });
    await addEventsCounted(log.db, 400);
    const { process, signed, wakeUps } = await processOn(log.db, {
      pollMs: 60_000,
      flushMs: 10,
      claimSize: 50,
    });
    const keys = keysOf(log.db, wakeUps);
    await keys.rotate(id, {});
    await process.sequence();
    process.deliverer.wake();
    await receiver.received(40);

    await keys.revoke(id, { kid: `key_${id}` });
    const until = signed.length;
    await receiver.received(until + 100);

    expect(signed.slice(until).filter((one) => one.byRevoked)).toHaveLength(0);
    expect(signed.slice(0, until).filter((one) => !one.byRevoked)).toHaveLength(0);
  });

  it('for it has leaked, by a forced rotation, neither', async () => {
    const id = await twoHalves();
    const { process, signed, wakeUps } = await processOn(log.db, UNWOKEN);
    await beginHalf(process);

    const keys = keysOf(log.db, wakeUps);
    const { kid } = await keys.rotate(id, { overlap_seconds: 0, force: true });
    await receiver.received(2 * PLACES);

    expect(signed.map((one) => one.byRevoked)).toEqual(halves(true, false));
    expect(signed.map((one) => one.kid)).toEqual(halves(`key_${id}`, kid));
  });

  it.skipIf(dialect === 'sqlite')(
    'signs nothing more in another process that has heard of it, or has looked',
    async () => {
      const id = await twoHalves();
      const [here, there] = log.processes(2);
      // Where the database cannot tell the others, the poll interval is the promise.
      const pollMs = dialect === 'postgres' ? UNWOKEN.pollMs : 200;
      const { process, signed } = await processOn(there!, { ...UNWOKEN, pollMs });
      const other = await processOn(here!, UNWOKEN);
      await other.process.deliverer.stop();
      const keys = keysOf(here!, other.wakeUps);
      await keys.rotate(id, {});
      await beginHalf(process);

      await keys.revoke(id, { kid: `key_${id}` });
      await receiver.received(2 * PLACES);

      expect(other.signed).toEqual([]);
      expect(signed.map((one) => one.byRevoked)).toEqual(halves(true, false));
    },
  );
});

const halves = <T>(first: T, second: T): T[] =>
  Array.from({ length: 2 * PLACES }, (_, index) => (index < PLACES ? first : second));

/** A request that was signed, and has not left yet. */
interface Signed {
  kid: string | undefined;
  /** Whether the key with which the subscription began is among those that have signed it. */
  byRevoked: boolean;
}

function watchSignatures({ deliverPorts }: TestProcess): Signed[] {
  const signed: Signed[] = [];
  const { targets } = deliverPorts;
  const watched = (target: Target): Target => ({
    ...target,
    send: (body, headers, signal) => {
      signed.push({
        kid: headers['X-Signature-KID'],
        byRevoked: isSignedBy(SECRET, body, headers),
      });
      return target.send(body, headers, signal);
    },
  });
  deliverPorts.targets = async () =>
    new Map([...(await targets())].map(([id, target]) => [id, watched(target)]));
  return signed;
}

/** Standard Webhooks, said again. */
function isSignedBy(
  secret: string,
  body: string | Buffer,
  headers: Record<string, string>,
): boolean {
  const digest = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body.toString()}`)
    .digest('base64');
  return (headers['webhook-signature'] ?? '').split(' ').includes(`v1,${digest}`);
}
