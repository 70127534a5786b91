import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { minuteOf } from '../../../server/src/domain/rate-window';
import { RateLimit } from '../../../server/src/services/partners/rate-limit';
import { insertPartnerToken, findPartnerToken } from '../../../server/src/store/partner-tokens';
import { addTokenUses, deleteTokenUses, sumTokenUses } from '../../../server/src/store/token-uses';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { newId, useLog } from '../factory/log';

describeOnEachDatabase('Counting requests of partners', (dialect) => {
  const log = useLog(dialect);
  let now = new Date('2026-11-21T12:00:10Z');
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const clock = { now: () => now, random: () => 0 };

  /** As a process has it; its loop does not run. */
  const process = (db: Knex = log.db) => new RateLimit({ db: () => db, clock, log: quiet });
  const takeMany = (rates: RateLimit, times: number, limit = 1_000) =>
    Array.from({ length: times }, () => rates.take('t1', limit)).filter(({ taken }) => taken)
      .length;
  const addToken = (tokenId: string) =>
    insertPartnerToken(log.db, {
      tokenId,
      partnerId: newId(),
      name: 'Reader',
      prefix: tokenId.slice(0, 16),
      hash: 'a'.repeat(64),
      scopes: ['feeds:read'],
      expiresAt: null,
      lastUsedAt: null,
      createdAt: now,
    });

  it('adds up what all processes have counted, whoever writes first', async () => {
    const [one, two, three] = log.processes(3).map((db) => process(db)) as [
      RateLimit,
      RateLimit,
      RateLimit,
    ];
    for (let round = 0; round < 5; round += 1) {
      takeMany(one, 3);
      takeMany(two, 5);
      takeMany(three, 1);
      await Promise.all([one.flush(), two.flush(), three.flush()]);
    }
    await Promise.all([one.flush(), two.flush(), three.flush()]);
    for (const rates of [one, two, three]) {
      expect(rates.quota('t1', 1_000)).toMatchObject({ used: 45, remaining: 955 });
    }
    const rows: unknown[] = await log.db(TABLES.tokenUses).where({ token_id: 't1' });
    expect(rows).toHaveLength(1);
  });

  it('holds a limit over several processes, to what they have let through since they last met', async () => {
    const [one, two] = log.processes(2).map((db) => process(db)) as [RateLimit, RateLimit];
    takeMany(one, 1, 10);
    takeMany(two, 1, 10);
    await one.flush();
    await two.flush();
    await one.flush();
    expect(takeMany(one, 20, 10)).toBe(8);
    await one.flush();
    await two.flush();
    expect(takeMany(two, 20, 10)).toBe(0);
    expect(two.take('t1', 10)).toMatchObject({ taken: false, quota: { used: 10, remaining: 0 } });
  });

  it('begins anew with the minute, and loses nothing of the last one', async () => {
    const rates = process();
    takeMany(rates, 7);
    const before = minuteOf(now);
    now = new Date(now.getTime() + 60_000);
    expect(rates.take('t1', 1_000).quota.used).toBe(1);
    await rates.flush();
    const sum = (since: number, until: number) =>
      sumTokenUses(log.db, { tokenId: 't1', since, until });
    expect(await sum(before, before + 1)).toBe(7);
    expect(await sum(before + 1, before + 2)).toBe(1);
    expect(await sum(before, before + 2)).toBe(8);
    expect(await sum(before + 2, before + 3)).toBe(0);
  });

  it('keeps what could not be written for the next time', async () => {
    let broken = true;
    const rates = new RateLimit({
      db: () => {
        if (broken) throw new Error('The database is gone');
        return log.db;
      },
      clock,
      log: quiet,
    });
    takeMany(rates, 4);
    await expect(rates.flush()).rejects.toThrow('gone');
    broken = false;
    takeMany(rates, 2);
    await rates.flush();
    expect(rates.quota('t1', 10).used).toBe(6);
    const minute = minuteOf(now);
    expect(await sumTokenUses(log.db, { tokenId: 't1', since: minute, until: minute + 1 })).toBe(6);
  });

  it('does not count what it refuses', async () => {
    const rates = process();
    expect(takeMany(rates, 50, 5)).toBe(5);
    await rates.flush();
    expect(rates.quota('t1', 5).used).toBe(5);
  });

  it('writes many tokens at once, in whatever order processes have them', async () => {
    const minute = minuteOf(now);
    const ids = Array.from({ length: 250 }, () => newId());
    const uses = ids.map((tokenId) => ({ tokenId, minute, requests: 2 }));
    const [one, two] = log.processes(2) as [Knex, Knex];
    await Promise.all([
      addTokenUses(one, uses),
      addTokenUses(two, [...uses].reverse()),
      addTokenUses(one, uses),
    ]);
    for (const tokenId of [ids[0], ids[120], ids[249]]) {
      expect(
        await sumTokenUses(log.db, { tokenId: tokenId ?? '', since: minute, until: minute + 1 }),
      ).toBe(6);
    }
  });

  it('keeps when a token was used last, once a minute over all processes', async () => {
    const id = newId();
    await addToken(id);
    const [one, two] = log.processes(2).map((db) => process(db)) as [RateLimit, RateLimit];
    const use = async (rates: RateLimit) => {
      rates.take(id, 100);
      await rates.flush();
      return (await findPartnerToken(log.db, id))?.lastUsedAt?.toISOString();
    };
    const first = now.toISOString();
    expect(await use(one)).toBe(first);
    now = new Date(now.getTime() + 5_000);
    expect(await use(one)).toBe(first);
    expect(await use(two)).toBe(first);
    now = new Date(now.getTime() + 60_000);
    expect(await use(two)).toBe(now.toISOString());
  });

  it('forgets minutes that are over for long', async () => {
    const minute = minuteOf(now);
    await addTokenUses(log.db, [
      { tokenId: 't1', minute: minute - 2_000, requests: 1 },
      { tokenId: 't1', minute, requests: 1 },
    ]);
    await deleteTokenUses(log.db, minute - 1_500);
    expect(await log.db(TABLES.tokenUses).select('minute')).toHaveLength(1);
  });
});
