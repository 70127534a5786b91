import { describe, expect, it } from 'vitest';
import { encryptionKeyId } from '../../../server/src/domain/secret-at-rest';
import { reencryptSecrets } from '../../../server/src/services/reencryption';
import type { Secrets } from '../../../server/src/services/secrets';
import { TABLES } from '../../../server/src/store/tables';
import { ownTransaction } from '../../../server/src/store/database';
import { describeOnEachDatabase } from '../../support/databases';
import { newId, useLog } from '../factory/log';
import { secretsUnder, strapiEncrypt } from '../factory/strapi-encryption';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('Secrets at rest', () => {
  it('name the key that they stand under, and not the key', () => {
    const stored = secretsUnder('old key').encrypt('whsec_x');
    expect(stored).toMatch(/^key:[0-9a-f]{8}:v1:/);
    expect(stored).toContain(encryptionKeyId('old key'));
    expect(secretsUnder('old key').decrypt(stored)).toBe('whsec_x');
  });

  it('are read under another key only where that is given', () => {
    const stored = secretsUnder('old key').encrypt('whsec_x');
    expect(secretsUnder('new key').decrypt(stored)).toBeNull();
    expect(secretsUnder(null).decrypt(stored)).toBeNull();
    expect(secretsUnder('new key', 'older key', 'old key').decrypt(stored)).toBe('whsec_x');
  });

  it('are read also where they were written before they named their key', () => {
    const stored = strapiEncrypt('whsec_x', 'old key');
    expect(secretsUnder('old key').decrypt(stored)).toBe('whsec_x');
    expect(secretsUnder('new key', 'old key').decrypt(stored)).toBe('whsec_x');
    expect(secretsUnder('new key').decrypt(stored)).toBeNull();
  });

  it.each([
    '',
    'v1:',
    'v1:00:00:00',
    'v2:aa:bb:cc',
    'key:00000000:v1:aa:bb:cc',
    'key:xyz:v1',
    'whsec_x',
  ])('that are none are unreadable: "%s"', (stored) => {
    expect(secretsUnder('a key', 'another').decrypt(stored)).toBeNull();
  });

  it('that were changed are unreadable', () => {
    const stored = secretsUnder('a key').encrypt('whsec_x');
    const last = stored.at(-1) === '0' ? '1' : '0';
    expect(secretsUnder('a key').decrypt(stored.slice(0, -1) + last)).toBeNull();
    expect(secretsUnder('b key', 'a key').decrypt(stored.slice(0, -1) + last)).toBeNull();
    expect(secretsUnder('b key', 'a key').decrypt(stored.slice(0, -2))).toBeNull();
  });
});

describeOnEachDatabase('Changing the encryption key', (dialect) => {
  const log = useLog(dialect);

  const addKeys = async (count: number, stored: (index: number) => string) => {
    const rows = Array.from({ length: count }, (_, index) => ({
      kid: `key_${String(index).padStart(4, '0')}`,
      subscription_id: 'none',
      encrypted_secret: stored(index),
      current: true,
      created_at: 0,
    }));
    await log.db.batchInsert(TABLES.keys, rows, 50);
  };
  const stored = async (): Promise<string[]> =>
    (await log.db(TABLES.keys).orderBy('kid').select('encrypted_secret')).map(
      (row: { encrypted_secret: string }) => row.encrypted_secret,
    );
  const reencrypt = (secrets: Secrets, db = log.db) =>
    reencryptSecrets({ transaction: (work) => ownTransaction(db, work), secrets, log: quiet });

  it('encrypts everything again that stands under an older one, in every place', async () => {
    const old = secretsUnder('old key');
    await addKeys(250, (index) =>
      index % 2 === 0
        ? old.encrypt(`secret ${index}`)
        : strapiEncrypt(`secret ${index}`, 'old key'),
    );
    await log.db(TABLES.subscriptions).insert({
      id: newId(),
      name: 'x',
      state: 'active',
      settings: '{}',
      encrypted_headers: old.encrypt('{"X-A":"1"}'),
      created_at: 0,
      updated_at: 0,
    });
    await log.db(TABLES.producerKeys).insert({
      kid: 'p',
      public_x: 'x',
      encrypted_private_key: old.encrypt('pem'),
      current: true,
      created_at: 0,
    });
    await log.db(TABLES.clientCertificates).insert({
      id: newId(),
      name: 'c',
      certificate: 'pem',
      encrypted_private_key: old.encrypt('pem'),
      fingerprint: 'f',
      subject: 's',
      not_after: 0,
      created_at: 0,
    });
    expect(await reencrypt(secretsUnder('new key', 'old key'))).toEqual({
      changed: 253,
      unreadable: [],
    });
    const alone = secretsUnder('new key');
    expect((await stored()).map((one) => alone.decrypt(one))).toEqual(
      Array.from({ length: 250 }, (_, index) => `secret ${index}`),
    );
    for (const [table, column] of [
      [TABLES.subscriptions, 'encrypted_headers'],
      [TABLES.producerKeys, 'encrypted_private_key'],
      [TABLES.clientCertificates, 'encrypted_private_key'],
    ] as const) {
      const row = await log.db(table).first<Record<string, string>>(column);
      expect(alone.decrypt(row[column] ?? '')).not.toBeNull();
    }
    expect(await reencrypt(alone)).toEqual({ changed: 0, unreadable: [] });
  });

  it('leaves what it cannot read as it is, and names the rows', async () => {
    const lost = secretsUnder('lost key').encrypt('secret');
    await addKeys(120, (index) =>
      index < 110 ? lost : secretsUnder('old key').encrypt(`secret ${index}`),
    );
    const result = await reencrypt(secretsUnder('new key', 'old key'));
    expect(result.changed).toBe(10);
    expect(result.unreadable).toHaveLength(110);
    expect(result.unreadable[0]).toBe(`${TABLES.keys}/key_0000`);
    expect((await stored())[0]).toBe(lost);
  });

  it('is done once by processes that start together', async () => {
    await addKeys(150, (index) => secretsUnder('old key').encrypt(`secret ${index}`));
    const results = await Promise.all(
      log.processes(3).map((db) => reencrypt(secretsUnder('new key', 'old key'), db)),
    );
    expect(results.reduce((sum, { changed }) => sum + changed, 0)).toBe(150);
    const alone = secretsUnder('new key');
    expect((await stored()).every((one, index) => alone.decrypt(one) === `secret ${index}`)).toBe(
      true,
    );
  });

  it('touches nothing without a key', async () => {
    await addKeys(1, () => secretsUnder('old key').encrypt('secret'));
    const before = await stored();
    expect(await reencrypt(secretsUnder(null, 'old key'))).toEqual({ changed: 0, unreadable: [] });
    expect(await stored()).toEqual(before);
  });
});
