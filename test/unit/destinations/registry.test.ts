import { describe, expect, it } from 'vitest';
import type { Destination } from '../../../server/src/destinations/contract';
import { createRegistry, type DestinationType } from '../../../server/src/destinations/registry';
import type { WebhookSettings } from '../../../server/src/destinations/webhook';

function stand(close: () => Promise<void>): Destination<WebhookSettings> {
  return {
    type: 'webhook',
    check: () => [],
    send: () => Promise.reject(new Error('not sent here')),
    close,
  };
}

describe('the registry', () => {
  it('gives a destination by the name of its type', () => {
    const webhook = stand(() => Promise.resolve());
    const registry = createRegistry({ webhook });
    expect(registry.get('webhook')).toBe(webhook);
    expect(registry.types).toEqual(['webhook']);
  });

  it.each(['pigeon', 'toString', '__proto__'])(
    'says that there is no "%s", and what there is',
    (type) => {
      const registry = createRegistry({ webhook: stand(() => Promise.resolve()) });
      expect(() => registry.get(type as DestinationType)).toThrow(
        `There is no destination type "${type}"; there is webhook`,
      );
    },
  );

  it('closes all of them, and tells of one that could not', async () => {
    let closed = 0;
    const webhook = stand(() => Promise.resolve(void (closed += 1)));
    await createRegistry({ webhook }).close();
    expect(closed).toBe(1);
    const stuck = stand(() => Promise.reject(new Error('stuck')));
    await expect(createRegistry({ webhook: stuck }).close()).rejects.toThrow('stuck');
  });
});
