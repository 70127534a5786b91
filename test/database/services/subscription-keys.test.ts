import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import type { RotatedSecret } from '../../../server/src/contracts/key';
import { SubscriptionKeys } from '../../../server/src/services/subscription-keys';
import { deleteExpiredKeys } from '../../../server/src/store/key-life';
import { TABLES } from '../../../server/src/store/tables';
import { signHeaders } from '../../../server/src/domain/signature';
import { createReceiver } from '../../../server/src/receiver';
import { describeOnEachDatabase } from '../../support/databases';
import { addSubscription } from '../factory/facts';
import { inTransaction, newId, useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { configVersion } from '../factory/rows';
import type { secretsUnder } from '../factory/strapi-encryption';

const DAY_MS = 24 * 3600 * 1_000;

describeOnEachDatabase('Rotating the secret of a subscription', (dialect) => {
  const log = useLog(dialect);
  let now = new Date('2026-11-21T12:00:00Z');

  /** The service as a process has it; the factory's processes read secrets in clear, so they are stored so. */
  const keysOf = (db: Knex = log.db) =>
    new SubscriptionKeys({
      db: () => db,
      transaction: (work) => inTransaction(db, work),
      secrets: { encrypt: (text: string) => text } as unknown as ReturnType<typeof secretsUnder>,
      newId,
      clock: { now: () => now, random: () => 0 },
      changed: () => undefined,
    });
  const rows = async (id: string): Promise<{ kid: string; current: boolean }[]> =>
    (await log.db(TABLES.keys).where({ subscription_id: id }).select('kid', 'current')).map(
      (row: { kid: string; current: unknown }) => ({ kid: row.kid, current: Boolean(row.current) }),
    );
  const outcome = async (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { details?: { code?: string } }) => error.details?.code ?? JSON.stringify(error),
    );

  it('answers the new secret, and lets the old one sign for a day', async () => {
    const id = await addSubscription(log.db);
    const before = await configVersion(log.db);
    const rotated = await keysOf().rotate(id, {});
    expect(rotated).toMatchObject({
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string,
      previous_kid: `key_${id}`,
      previous_expires_at: new Date(now.getTime() + DAY_MS).toISOString(),
    });
    expect(await keysOf().list(id)).toEqual([
      {
        kid: rotated.kid,
        current: true,
        created_at: now.toISOString(),
        expires_at: null,
      },
      expect.objectContaining({ kid: `key_${id}`, current: false }),
    ]);
    expect(await configVersion(log.db)).toBeGreaterThan(before);
  });

  it.each([
    ['a fraction', { overlap_seconds: 1.5 }],
    ['less than nothing', { overlap_seconds: -1 }],
    ['more than thirty days', { overlap_seconds: 30 * 86_400 + 1 }],
    ['text', { overlap_seconds: '60' }],
    ['another name', { overlap: 60 }],
    ['a force that is none', { force: 'yes' }],
  ])('refuses an overlap that is %s', async (_what, input) => {
    const id = await addSubscription(log.db);
    expect(await outcome(keysOf().rotate(id, input))).toBe('invalid_body');
    expect(await rows(id)).toHaveLength(1);
  });

  it('refuses a second rotation until the instant at which the first one ends', async () => {
    const id = await addSubscription(log.db);
    await keysOf().rotate(id, { overlap_seconds: 60 });
    const ends = new Date(now.getTime() + 60_000);
    now = new Date(ends.getTime() - 1);
    await expect(keysOf().rotate(id, {})).rejects.toMatchObject({
      details: { code: 'rotation_in_progress', ends_at: ends.toISOString(), kid: `key_${id}` },
    });
    now = ends;
    await keysOf().rotate(id, {});
    expect(await rows(id)).toHaveLength(2);
  });

  it('when forced ends the oldest key at once, and without overlap every older one', async () => {
    const id = await addSubscription(log.db);
    const first = await keysOf().rotate(id, {});
    const second = await keysOf().rotate(id, { force: true });
    expect((await rows(id)).map(({ kid }) => kid).sort()).toEqual([first.kid, second.kid].sort());
    const third = await keysOf().rotate(id, { force: true, overlap_seconds: 0 });
    expect(await rows(id)).toEqual([{ kid: third.kid, current: true }]);
    expect(third).toMatchObject({
      previous_kid: second.kid,
      previous_expires_at: now.toISOString(),
    });
  });

  it('is won by one of ten processes that try at once, and the others are told', async () => {
    const id = await addSubscription(log.db);
    const processes = log.processes(3);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        outcome(keysOf(processes[index % processes.length]).rotate(id, {})),
      ),
    );
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'rotation_in_progress')).toHaveLength(9);
    expect((await rows(id)).filter(({ current }) => current)).toHaveLength(1);
    expect(await rows(id)).toHaveLength(2);
  });

  it('never leaves a subscription without a current key, or with two, whatever happens at once', async () => {
    const id = await addSubscription(log.db);
    const processes = log.processes(3);
    const kids = [`key_${id}`];
    for (let round = 0; round < 5; round += 1) {
      const results = await Promise.allSettled(
        Array.from({ length: 9 }, (_, index) => {
          const keys = keysOf(processes[index % processes.length]);
          return index % 3 === 0
            ? keys.revoke(id, { kid: kids.at(-1) })
            : keys.rotate(id, { force: index % 3 === 1 });
        }),
      );
      for (const result of results) {
        if (result.status === 'fulfilled' && 'kid' in result.value) kids.push(result.value.kid);
        if (result.status === 'rejected') {
          const { details } = result.reason as { details?: { code?: string } };
          expect(['rotation_in_progress', 'key_is_current', 'not_found']).toContain(details?.code);
        }
      }
      const left = await rows(id);
      expect(left.filter(({ current }) => current)).toHaveLength(1);
      expect(left.length).toBeLessThanOrEqual(2);
    }
  });

  it('revokes a key on its way out, not the current one, and no unknown one', async () => {
    const [id, other] = [await addSubscription(log.db), await addSubscription(log.db)];
    const { kid } = await keysOf().rotate(id, {});
    expect(await outcome(keysOf().revoke(id, { kid }))).toBe('key_is_current');
    expect(await outcome(keysOf().revoke(other, { kid: `key_${id}` }))).toBe('not_found');
    expect(await outcome(keysOf().revoke(id, {}))).toBe('invalid_body');
    expect(await keysOf().revoke(id, { kid: `key_${id}` })).toMatchObject({
      revoked: `key_${id}`,
      keys: [{ kid, current: true }],
    });
    expect(await outcome(keysOf().revoke(id, { kid: `key_${id}` }))).toBe('not_found');
    expect(await rows(id)).toEqual([{ kid, current: true }]);
    expect(await outcome(keysOf().rotate(id, {}))).toBe('done');
  });

  it('of a subscription that is not there is answered so', async () => {
    for (const work of [
      () => keysOf().rotate('x', {}),
      () => keysOf().revoke('x', { kid: 'k' }),
      () => keysOf().list('x'),
    ]) {
      expect(await outcome(work())).toBe('not_found');
    }
  });

  it('counts in every process with the next attempt, and ends by the clock alone', async () => {
    const id = await addSubscription(log.db);
    const processes = log
      .processes(2)
      .map((db) => makeProcess(db, { clock: { now: () => now, random: () => 0 } }));
    const rotated: RotatedSecret = await keysOf().rotate(id, { overlap_seconds: 60 });
    const old = (await log
      .db(TABLES.keys)
      .where({ kid: `key_${id}` })
      .first()) as {
      encrypted_secret: string;
    };
    const accepts = async (secret: string, at: Date) => {
      const verdicts = await Promise.all(
        processes.map(async ({ directory, db }) => {
          const keys = (await directory.targets(db)).get(id)?.keys;
          if (!keys) throw new Error('There are no keys');
          const body = '{}';
          const request = { keys, id: 'e', eventType: 't', sequenceNumber: 1, now: at, body };
          const headers = Object.fromEntries(Object.entries(signHeaders(request)));
          const receiver = createReceiver({ secrets: [secret], now: () => at });
          return (await receiver.verify({ headers, body })).ok;
        }),
      );
      expect(new Set(verdicts).size).toBe(1);
      return verdicts[0];
    };
    const end = now.getTime() + 60_000;
    expect(await accepts(old.encrypted_secret, new Date(end - 1))).toBe(true);
    expect(await accepts(rotated.secret, new Date(end - 1))).toBe(true);
    // Nobody has written anything since.
    expect(await accepts(old.encrypted_secret, new Date(end))).toBe(false);
    expect(await accepts(rotated.secret, new Date(end))).toBe(true);

    await keysOf().revoke(id, { kid: `key_${id}` });
    expect(await accepts(old.encrypted_secret, now)).toBe(false);
    await Promise.all(processes.map((process) => process.stop()));
  });

  it('leaves expired keys to be removed later', async () => {
    const id = await addSubscription(log.db);
    const { kid } = await keysOf().rotate(id, { overlap_seconds: 60 });
    expect(await deleteExpiredKeys(log.db, new Date(now.getTime() + 59_999))).toBe(0);
    expect(await deleteExpiredKeys(log.db, new Date(now.getTime() + 60_000))).toBe(1);
    expect(await rows(id)).toEqual([{ kid, current: true }]);
  });
});
