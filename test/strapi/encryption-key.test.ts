import { describe, expect, it } from 'vitest';
import { startStrapi } from '../support/strapi';

const SUBSCRIPTIONS = '/newswire/subscriptions';
const VALID = {
  name: 'Contracts desk',
  destination: { url: 'https://hooks.example.com/newswire' },
  event_types: ['executive.*'],
};

interface Refused {
  error: { message: string; details: { code: string } };
}

// In a file, so in a process, of its own: within one process Strapi keeps admin secrets from one start to the next.
describe('Without an encryption key', () => {
  it('a subscription is refused with the reason, and nothing is stored', async () => {
    const app = await startStrapi({ env: { ENCRYPTION_KEY: '' } });
    try {
      const admin = await app.admin();
      const reply = await admin.post<Refused>(SUBSCRIPTIONS, VALID);
      expect(reply.status).toBe(400);
      expect(reply.body.error.details.code).toBe('encryption_key_missing');
      expect(reply.body.error.message).toMatch(/admin\.secrets\.encryptionKey/);
      expect(await app.strapi.db.connection('newswire_subscriptions').select('*')).toEqual([]);
      expect(await app.strapi.db.connection('newswire_keys').select('*')).toEqual([]);
      const status = await admin.get<{ data: unknown }>('/newswire/status');
      expect(status.body.data).toMatchObject({ encryption_key: false });
    } finally {
      await app.stop();
    }
  });
});
