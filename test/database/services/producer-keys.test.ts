import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { ProducerKeys } from '../../../server/src/services/producer-keys';
import { TABLES } from '../../../server/src/store/tables';
import { signHeaders } from '../../../server/src/domain/signature';
import { createReceiver } from '../../../server/src/receiver';
import { describeOnEachDatabase } from '../../support/databases';
import { addSubscription } from '../factory/facts';
import { inTransaction, useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import type { secretsUnder } from '../factory/strapi-encryption';

describeOnEachDatabase("The installation's key pairs", (dialect) => {
  const log = useLog(dialect);
  let now = new Date('2026-11-21T12:00:00Z');

  const keysOf = (db: Knex = log.db) =>
    new ProducerKeys({
      db: () => db,
      transaction: (work) => inTransaction(db, work),
      secrets: { encrypt: (text: string) => text } as unknown as ReturnType<typeof secretsUnder>,
      clock: { now: () => now, random: () => 0 },
      changed: () => undefined,
    });
  const ensure = (db: Knex = log.db) => inTransaction(db, (trx) => keysOf(db).ensure(trx));
  const current = async () => (await log.db(TABLES.producerKeys).select('*')).length;

  it('are none before anybody wants one', async () => {
    expect(await keysOf().keySet()).toEqual({ keys: [] });
    expect(await keysOf().list()).toEqual([]);
  });

  it('are made once, however many processes want the first one at once', async () => {
    const processes = log.processes(4);
    await Promise.all(Array.from({ length: 12 }, (_, index) => ensure(processes[index % 4])));
    expect(await current()).toBe(1);
    await ensure();
    expect(await current()).toBe(1);
  });

  it('are rotated by one of several who try at once', async () => {
    await ensure();
    const processes = log.processes(3);
    const results = await Promise.allSettled(
      Array.from({ length: 9 }, (_, index) => keysOf(processes[index % 3]).rotate({})),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ details: { code: 'rotation_in_progress' } });
      }
    }
    expect((await keysOf().list()).map((key) => key.current)).toEqual([true, false]);
  });

  it('are published until they expire, or are revoked', async () => {
    await ensure();
    const first = await keysOf().rotate({ overlap_seconds: 60 });
    expect((await keysOf().keySet()).keys.map(({ kid }) => kid).sort()).toEqual(
      [first.kid, first.previous_kid].sort(),
    );
    now = new Date(now.getTime() + 60_000);
    expect((await keysOf().keySet()).keys.map(({ kid }) => kid)).toEqual([first.kid]);
    const second = await keysOf().rotate({});
    await expect(keysOf().revoke({ kid: second.kid })).rejects.toMatchObject({
      details: { code: 'key_is_current' },
    });
    await keysOf().revoke({ kid: first.kid });
    expect((await keysOf().keySet()).keys.map(({ kid }) => kid)).toEqual([second.kid]);
  });

  it('sign for the subscriptions that ask for it, each in force, and by the current one a JWS', async () => {
    await ensure();
    const id = await addSubscription(log.db, { signing: { ed25519: true, jws: true } });
    const plain = await addSubscription(log.db);
    const before = await keysOf().keySet();
    await keysOf().rotate({ overlap_seconds: 60 });
    const after = await keysOf().keySet();
    const process = makeProcess(log.db, { clock: { now: () => now, random: () => 0 } });
    const targets = await process.directory.targets(log.db);
    const signed = (subscriptionId: string, at: Date) => {
      const keys = targets.get(subscriptionId)?.keys;
      if (!keys) throw new Error('There are no keys');
      const request = { keys, id: 'e', eventType: 't', sequenceNumber: 1, now: at, body: '{}' };
      return { headers: Object.fromEntries(Object.entries(signHeaders(request))), body: '{}' };
    };
    expect(signed(plain, now).headers).not.toHaveProperty('X-Event-JWS');
    expect(signed(plain, now).headers['webhook-signature']).not.toContain('v1a');

    const verify = (
      jwks: typeof before,
      at: Date,
      names: (name: string) => boolean = () => true,
    ) => {
      const { headers, body } = signed(id, at);
      const seen = Object.fromEntries(Object.entries(headers).filter(([name]) => names(name)));
      return createReceiver({ jwks, now: () => at }).verify({ headers: seen, body });
    };
    expect(await verify(after, now)).toMatchObject({ ok: true });
    const withoutJws = (name: string) => name !== 'X-Event-JWS';
    expect(await verify(before, now, withoutJws)).toMatchObject({ ok: true });
    expect(await verify(before, now)).toMatchObject({ code: 'unknown_key' });
    const end = new Date(now.getTime() + 60_000);
    expect(await verify(before, end, withoutJws)).toMatchObject({ code: 'signature_mismatch' });
    expect(await verify(after, end)).toMatchObject({ ok: true });
    await process.stop();
  });

  it('that are missing let nothing be sent half signed', async () => {
    const id = await addSubscription(log.db, { signing: { ed25519: true, jws: false } });
    const process = makeProcess(log.db);
    expect((await process.directory.targets(log.db)).get(id)?.keys).toBeNull();
    await process.stop();
  });
});
