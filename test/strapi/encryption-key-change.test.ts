import { describe, expect, it } from 'vitest';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { RotatedSecret } from '../../server/src/contracts/key';
import { encryptionKeyId } from '../../server/src/domain/secret-at-rest';
import { createReceiver } from '../../server/src/receiver';
import { ENCRYPTED_COLUMNS } from '../../server/src/store/encrypted-values';
import { createTestDatabase, type TestDatabase } from '../support/databases';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import { startStrapiProcess } from '../support/strapi-process';

const OLD = 'the-encryption-key-of-last-year!';
const NEW = 'the-encryption-key-of-this-year!';

/** Whose encryption key every stored secret names. */
async function keyIds(database: TestDatabase): Promise<string[]> {
  const db = database.knex();
  const ids = new Set<string>();
  for (const { table, column } of ENCRYPTED_COLUMNS) {
    const rows = await db(table)
      .whereNotNull(column)
      .select<{ value: string }[]>({ value: column });
    for (const { value } of rows) ids.add(value.split(':')[1] ?? '');
  }
  await db.destroy();
  return [...ids];
}

// Processes of their own: within one process Strapi keeps admin secrets from one start to the next. What differs between
// databases is in test/database/services/reencryption.test.ts.
describe('Changing the encryption key', () => {
  it('keeps every secret readable where the old key is given once, and sends nothing where it is not', async () => {
    const database = await createTestDatabase('sqlite');
    const receiver = await startReceiver();
    const run = async (
      key: string,
      previousEncryptionKeys: string[],
      work: (admin: HttpClient) => Promise<void>,
    ) => {
      const strapi = await startStrapiProcess({
        database,
        options: { secrets: { previousEncryptionKeys } },
        env: { ENCRYPTION_KEY: key, NEWSWIRE_DEMO_SEED: '1', STRAPI_LOG_LEVEL: 'info' },
      });
      try {
        await work(await strapi.admin());
      } finally {
        await strapi.stop();
      }
      return strapi.output();
    };
    const status = async (admin: HttpClient) =>
      (await admin.get<{ data: { unreadable_secrets: number } }>('/newswire/status')).body.data;

    let id = '';
    const secrets: Record<string, string> = {};
    const sends = async (admin: HttpClient, outcome: object) => {
      const { body } = await admin.post(`/newswire/subscriptions/${id}/test`);
      expect(body).toMatchObject({ data: outcome });
    };
    const lastIsVerified = async (admin: HttpClient) => {
      const { body: jwks } = await admin.get<{ keys: object[] }>('/api/newswire/jwks.json');
      const request = receiver.requests.at(-1);
      if (!request) throw new Error('Nothing arrived');
      expect(await createReceiver({ secrets, jwks }).verify(request)).toMatchObject({ ok: true });
      expect(request.headers['x-team']).toBe('legal');
    };
    try {
      await run(OLD, [], async (admin) => {
        const { body } = await admin.post<{ data: CreatedSubscription }>(
          '/newswire/subscriptions',
          {
            name: 'Desk',
            destination: { url: receiver.url(), headers: { 'X-Team': 'legal' } },
            event_types: ['webhook.test'],
            signing: { ed25519: true, jws: true },
          },
        );
        ({ id } = body.data);
        secrets[body.data.kid] = body.data.secret;
        const rotated = await admin.post<{ data: RotatedSecret }>(
          `/newswire/subscriptions/${id}/secret/rotate`,
        );
        secrets[rotated.body.data.kid] = rotated.body.data.secret;
        await sends(admin, { outcome: 'delivered' });
        await lastIsVerified(admin);
      });
      expect(await keyIds(database)).toEqual([encryptionKeyId(OLD)]);
      const sent = receiver.requests.length;

      const lost = await run(NEW, [], async (admin) => {
        expect((await status(admin)).unreadable_secrets).toBeGreaterThan(0);
        await sends(admin, { outcome: 'transient', error_code: 'secret_unreadable' });
      });
      expect(receiver.requests).toHaveLength(sent);
      expect(lost).toMatch(/Secrets cannot be read/);
      expect(lost).not.toContain(NEW);

      const changed = await run(NEW, [OLD], async (admin) => {
        expect((await status(admin)).unreadable_secrets).toBe(0);
        await sends(admin, { outcome: 'delivered' });
        await lastIsVerified(admin);
      });
      expect(changed).toMatch(/Secrets were encrypted again under the current key/);
      expect(changed).not.toContain(OLD);
      expect(await keyIds(database)).toEqual([encryptionKeyId(NEW)]);

      await run(NEW, [], async (admin) => {
        expect((await status(admin)).unreadable_secrets).toBe(0);
        await sends(admin, { outcome: 'delivered' });
        await lastIsVerified(admin);
      });
    } finally {
      await receiver.close();
      await database.drop();
    }
  }, 180_000);
});
